package io.postwatch.agent.probe.imap;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server says (RFC 9051, section 2.2.2). */
sealed interface ImapResponse {

    /** The whole response as one line, the content of literals left out. */
    String line();

    /** The line as it may be shown. */
    default String shown() {
        return line();
    }

    /**
     * {@code * …}: data or news that nobody asked for by tag.
     *
     * @param text what stands behind the asterisk
     */
    record Untagged(String line, String text) implements ImapResponse {

        /** The first word in upper case, for example {@code CAPABILITY}, {@code OK}, {@code BYE}. */
        String keyword() {
            int space = text.indexOf(' ');
            return (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        }

        /** What stands behind the first word. */
        String rest() {
            int space = text.indexOf(' ');
            return space < 0 ? "" : text.substring(space + 1);
        }
    }

    /** {@code + …}: the server waits for more. */
    record Continuation(String line) implements ImapResponse {

        /** Servers wait for more in a login only: in what they say may stand what the client said, in any form. */
        @Override
        public String shown() {
            return line.substring(1).isBlank() ? line : "+ [challenge]";
        }
    }

    /** {@code a1 OK …}: the end of a command. */
    record Tagged(String line, String tag, Completion completion, String text) implements ImapResponse {}

    /** How a command ended. */
    enum Completion {
        OK,
        NO,
        BAD
    }

    /** Nothing is tried twice: a server may send 64 KiB in which the bracket is never closed. */
    Pattern RESPONSE_CODE = Pattern.compile("\\[([A-Za-z0-9-]{1,64}+)[^\\]]*+\\]");

    /** The response code at the beginning of a text, in upper case; empty where there is none. */
    static String codeOf(String text) {
        Matcher code = RESPONSE_CODE.matcher(text);
        return code.lookingAt() ? code.group(1).toUpperCase(Locale.ROOT) : "";
    }
}
