package io.postwatch.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what a real server said. A client that says something else than was recorded, or leaves before the end, is a
 * failure of the server: {@link TestServer#failures()} tells it and {@link MailServers} fails the test.
 */
public final class ReplayScript extends WireScript<ReplayScript> {

    private static final Pattern NAME = Pattern.compile("\\{([a-z]+|\\*)\\}");

    private final Recording recording;

    /** @param identity for the places where TLS begins; null where there is none */
    ReplayScript(Recording recording, @Nullable ServerIdentity identity) {
        this.recording = recording;
        if (identity != null) {
            startTls(identity);
        }
    }

    @Override
    ReplayScript self() {
        return this;
    }

    @Override
    void converse(Session session) throws IOException {
        List<Recording.Turn> turns = recording.turns();
        Map<String, String> said = new HashMap<>();
        StringBuilder pending = new StringBuilder();
        int next = 0;
        while (next < turns.size()) {
            switch (turns.get(next)) {
                case Recording.Turn.Says says -> {
                    pending.append(filled(says.wire(), said));
                    next++;
                }
                case Recording.Turn.Tls() -> {
                    flush(session, pending);
                    session.startTls();
                    next++;
                }
                case Recording.Turn.Hears hears -> {
                    flush(session, pending);
                    next = 1 + heard(next, session.readLine(), said);
                }
            }
        }
        flush(session, pending);
    }

    private static void flush(Session session, StringBuilder pending) throws IOException {
        session.write(pending.toString().getBytes(ISO_8859_1));
        pending.setLength(0);
    }

    /** The turn that is what the client said: the next one, or one behind those the client may leave out. */
    private int heard(int next, @Nullable String line, Map<String, String> said) {
        int turn = next;
        while (turn < recording.turns().size()) {
            if (recording.turns().get(turn) instanceof Recording.Turn.Hears hears) {
                if (line != null && isSaid(hears.text(), line, said)) {
                    return turn;
                }
                if (!hears.optional()) {
                    throw deviation(hears, line);
                }
            }
            turn++;
        }
        if (line == null) {
            return turn;
        }
        throw new IllegalStateException(recording.name() + ": the client said " + line + " behind the recorded end");
    }

    private IllegalStateException deviation(Recording.Turn.Hears hears, @Nullable String line) {
        return new IllegalStateException(recording.name() + ", line " + hears.line() + ": recorded is " + hears.text()
                + ", but the client " + (line == null ? "left" : "said " + line));
    }

    private static boolean isSaid(String recorded, String line, Map<String, String> said) {
        StringBuilder form = new StringBuilder();
        Matcher names = NAME.matcher(recorded);
        int end = 0;
        while (names.find()) {
            form.append(Pattern.quote(recorded.substring(end, names.start())));
            form.append(names.group(1).equals("*") ? ".*" : "(?<" + names.group(1) + ">\\S+)");
            end = names.end();
        }
        form.append(Pattern.quote(recorded.substring(end)));
        Matcher heard =
                Pattern.compile(form.toString(), Pattern.CASE_INSENSITIVE).matcher(line);
        if (!heard.matches()) {
            return false;
        }
        heard.namedGroups().keySet().forEach(name -> said.put(name, heard.group(name)));
        return true;
    }

    private static String filled(String wire, Map<String, String> said) {
        return NAME.matcher(wire)
                .replaceAll(name -> Matcher.quoteReplacement(said.getOrDefault(name.group(1), name.group())));
    }
}
