package io.postwatch.testserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One connection's commands and what the script does on each. Used by the connection's own thread only. */
final class Conversation {

    private static final int TLS_HEADER = 5;

    private final Script<?> script;
    private final Session session;
    private final Map<String, Integer> occurrences = new HashMap<>();
    private String tag = "";
    private String heard = "";

    Conversation(Script<?> script, Session session) {
        this.script = script;
        this.session = session;
    }

    void run() throws IOException {
        if (!perform(script.greetingOf(session.number()), "", "")) {
            return;
        }
        String line = session.readLine();
        while (line != null && handle(line)) {
            line = session.readLine();
        }
    }

    private boolean handle(String line) throws IOException {
        heard = line;
        tag = script.tagOf(line);
        String verb = script.verbOf(line);
        int occurrence = occurrences.merge(verb, 1, Integer::sum) - 1;
        Reply told = script.replyTo(verb, occurrence);
        return told == null ? script.answer(session, verb, line) : perform(told, verb, line);
    }

    private boolean perform(Reply reply, String verb, String line) throws IOException {
        for (Reply.Step step : reply.steps()) {
            switch (step) {
                case Reply.Step.Send send -> session.write(filled(send.wire()));
                case Reply.Step.Pause pause -> Pause.of(pause.time());
                case Reply.Step.Drip drip -> session.drip(filled(drip.wire()), drip.pause());
                case Reply.Step.StartTls() -> session.startTls();
                case Reply.Step.Await() -> {
                    String next = session.readLine();
                    heard = next == null ? "" : next;
                }
                case Reply.Step.AwaitByte() -> {
                    if (session.readBytes(1).length == 0) {
                        return false;
                    }
                }
                case Reply.Step.Usual() -> {
                    if (verb.isEmpty()) {
                        perform(script.usualGreeting(session), verb, line);
                    } else if (!script.answer(session, verb, line)) {
                        return false;
                    }
                }
                case Reply.Step.AwaitTlsRecord() -> {
                    byte[] header = session.readBytes(TLS_HEADER);
                    if (header.length < TLS_HEADER) {
                        return false;
                    }
                    session.readBytes(((header[3] & 0xff) << 8) | (header[4] & 0xff));
                }
                case Reply.Step.Deafness() -> {
                    session.awaitClosing();
                    return false;
                }
                case Reply.Step.Close() -> {
                    return false;
                }
                case Reply.Step.Reset() -> {
                    session.reset();
                    return false;
                }
                case Reply.Step.Silence() -> {
                    session.ignore();
                    return false;
                }
            }
        }
        return true;
    }

    private byte[] filled(String wire) {
        String repeated = new String(heard.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String told = (tag.isEmpty() ? wire : wire.replace("{tag}", tag)).replace("{line}", repeated);
        return told.getBytes(StandardCharsets.ISO_8859_1);
    }
}
