package io.postwatch.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dialogue with a real server, as text in UTF-8:
 *
 * <ul>
 *   <li>{@code # Server: NAME VERSION} and {@code # Source: recorded DATE} or {@code # Source: documented, WHERE} have to
 *       be there; other lines with {@code #}, and empty ones, are for people.
 *   <li>{@code S: text} is said by the server, CR LF behind it. {@code \r}, {@code \n}, {@code \\}, and {@code \xNN} for a
 *       byte; {@code \c} at the end where no CR LF follows.
 *   <li>{@code C: text} is said by the client: its first words in any case, {@code {name}} for any one word, {@code {*}}
 *       for the rest of the line, be it empty. In what the server says later {@code {name}} is the word the client said,
 *       as is done with IMAP's tags. Credentials are never written down.
 *   <li>{@code C?: text} may be left out by the client, with all that the server answers to it.
 *   <li>{@code TLS} is where the handshake takes place.
 * </ul>
 *
 * At the end the server ends the connection.
 *
 * @param server name and version
 * @param source how the dialogue came to be known
 */
public record Recording(String name, String server, String source, List<Turn> turns) {

    /** One thing after the other. */
    sealed interface Turn {

        /** What the server says; each character of the text is one byte, but for the names in it. */
        record Says(String wire) implements Turn {}

        /**
         * What the client says.
         *
         * @param line its number in the file
         */
        record Hears(String text, boolean optional, int line) implements Turn {}

        record Tls() implements Turn {}
    }

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|([rn\\\\]))");
    private static final String NO_LINE_END = "\\c";

    public Recording {
        turns = List.copyOf(turns);
        if (server.isBlank() || !(source.startsWith("recorded ") || source.startsWith("documented, "))) {
            throw new IllegalArgumentException(name + " does not tell its server, or whether it was recorded");
        }
        if (turns.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty");
        }
    }

    /** Reads a file. */
    public static Recording read(Path file) throws IOException {
        return parse(file.getFileName().toString(), Files.readString(file));
    }

    /** Reads the text of a file of that name. */
    public static Recording parse(String name, String text) {
        String server = "";
        String source = "";
        List<Turn> turns = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.startsWith("# Server: ")) {
                server = line.substring(10);
            } else if (line.startsWith("# Source: ")) {
                source = line.substring(10);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                turns.add(turn(name, number, line));
            }
        }
        return new Recording(name, server, source, turns);
    }

    private static Turn turn(String name, int number, String line) {
        if (line.equals("TLS")) {
            return new Turn.Tls();
        } else if (line.startsWith("S: ")) {
            return new Turn.Says(wire(line.substring(3)));
        } else if (line.startsWith("C:")) {
            return new Turn.Hears(line.substring(2).stripLeading(), false, number);
        } else if (line.startsWith("C?:")) {
            return new Turn.Hears(line.substring(3).stripLeading(), true, number);
        }
        throw new IllegalArgumentException(name + ", line " + number + " is neither S: nor C: nor TLS");
    }

    private static String wire(String text) {
        boolean ends = !text.endsWith(NO_LINE_END);
        String said = ends ? text : text.substring(0, text.length() - NO_LINE_END.length());
        String bytes = new String(said.getBytes(UTF_8), ISO_8859_1);
        String unescaped =
                ESCAPE.matcher(bytes).replaceAll(found -> Matcher.quoteReplacement(unescaped(found.group())));
        return ends ? unescaped + "\r\n" : unescaped;
    }

    private static String unescaped(String escape) {
        return switch (escape.charAt(1)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 'x' -> String.valueOf((char) HexFormat.fromHexDigits(escape, 2, 4));
            default -> "\\";
        };
    }
}
