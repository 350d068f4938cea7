package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.auth.LoginRefusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A complete reply (RFC 5321, section 4.2).
 *
 * @param code 200 to 599
 * @param texts what stands behind the code, line by line
 */
record SmtpReply(int code, List<String> texts) {

    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?: .*)?");

    /** What a challenge of a login is shown as: in it may stand what the client said, in any form. */
    private static final String CHALLENGE = "334 [challenge]";

    SmtpReply {
        texts = List.copyOf(texts);
    }

    /** 221 is a good-bye, not a yes. */
    boolean isPositive() {
        return code < 300 && code != 221;
    }

    boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /** Its enhanced status code (RFC 2034), for example {@code 5.7.139}; empty where it bears none. */
    String enhancedCode() {
        Matcher first = ENHANCED.matcher(texts.getFirst());
        return first.matches() ? first.group(1) : "";
    }

    /** Whether the server refuses for now because we, or all, came too often. */
    boolean tellsOfRateLimit() {
        return isTransient()
                && (enhancedCode().equals("4.7.28")
                        || LoginRefusal.worded(String.join(" ", texts)) == LoginRefusal.RATE_LIMITED);
    }

    /** A line of a reply as it may be shown. */
    static byte[] shown(byte[] line) {
        return line.length > 4 && line[0] == '3' && line[1] == '3' && line[2] == '4'
                ? CHALLENGE.getBytes(StandardCharsets.US_ASCII)
                : line;
    }

    /** As one line for people: {@code 550-5.7.1 No. / 550 Really.}; a challenge is not shown. */
    String text() {
        if (code == 334 && !String.join("", texts).isBlank()) {
            return CHALLENGE;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            boolean last = i == texts.size() - 1;
            text.append(code).append(last ? ' ' : '-').append(texts.get(i)).append(last ? "" : " / ");
        }
        return text.toString().strip();
    }
}
