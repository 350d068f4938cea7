package io.postwatch.agent.probe.pop3;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a response (RFC 1939, section 3).
 *
 * @param line as sent
 * @param text what stands behind the indicator
 */
record Pop3Response(String line, Indicator indicator, String text) {

    private static final Pattern RESPONSE =
            Pattern.compile("(\\+OK|-ERR|\\+)(?:[ \\t]+(.*)|)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("\\[([^\\[\\]\\s]{1,64}+)[^\\]]*+\\].*", Pattern.DOTALL);

    /** What a response begins with. */
    enum Indicator {
        OK,
        ERR,
        /** The server waits for more (RFC 5034, section 4). */
        CONTINUE
    }

    /** Null where the line is no response. */
    static @Nullable Pop3Response of(String line) {
        Matcher response = RESPONSE.matcher(line);
        if (!response.matches()) {
            return null;
        }
        Indicator indicator = switch (response.group(1).toUpperCase(Locale.ROOT)) {
            case "+OK" -> Indicator.OK;
            case "-ERR" -> Indicator.ERR;
            default -> Indicator.CONTINUE;
        };
        String text = response.group(2);
        return new Pop3Response(line, indicator, text == null ? "" : text.strip());
    }

    /** The line as it may be shown: in a challenge may stand what the client said, in any form. */
    String shown() {
        return indicator == Indicator.CONTINUE && !text.isEmpty() ? "+ [challenge]" : line;
    }

    boolean isOk() {
        return indicator == Indicator.OK;
    }

    /** The response code (RFC 2449, section 8) in upper case, for example {@code SYS/TEMP}; empty where there is none. */
    String code() {
        Matcher code = CODE.matcher(text);
        return code.matches() ? code.group(1).toUpperCase(Locale.ROOT) : "";
    }
}
