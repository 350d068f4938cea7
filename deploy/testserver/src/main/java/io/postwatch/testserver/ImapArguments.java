package io.postwatch.testserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of an IMAP command: atoms, quoted strings, and literals that hold no line end. */
final class ImapArguments {

    private static final Pattern LITERAL = Pattern.compile("(.*)\\{(\\d+)(\\+?)\\}");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    private ImapArguments() {}

    /** Asks for the literals the line announces. */
    static List<String> of(Session session, String line) throws IOException {
        List<String> arguments = new ArrayList<>();
        String[] words = line.split(" ", 3);
        String rest = words.length > 2 ? words[2] : "";
        Matcher literal = LITERAL.matcher(rest);
        while (literal.matches()) {
            addTo(arguments, literal.group(1));
            String next = literalOf(session, literal.group(3).isEmpty());
            byte[] bytes = next == null ? new byte[0] : next.getBytes(UTF_8);
            int length = Math.min(bytes.length, Integer.parseInt(literal.group(2)));
            arguments.add(new String(bytes, 0, length, UTF_8));
            rest = new String(bytes, length, bytes.length - length, UTF_8);
            literal = LITERAL.matcher(rest);
        }
        addTo(arguments, rest);
        return arguments;
    }

    private static void addTo(List<String> arguments, String text) {
        STRING.matcher(text)
                .results()
                .forEach(found -> arguments.add(
                        found.group(1) == null ? found.group(2) : found.group(1).replaceAll("\\\\(.)", "$1")));
    }

    /** A synchronizing literal waits for the server's leave (RFC 3501), {@code {n+}} does not (RFC 7888). */
    private static @Nullable String literalOf(Session session, boolean synchronizing) throws IOException {
        return synchronizing ? session.ask("+ Go ahead") : session.readLine();
    }
}
