package io.postwatch.controller.status;

import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.web.problem.ProblemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the list of monitors may be asked for, checked. */
final class ListParameters {
    private static final int MAX_TEXT = 200;

    private ListParameters() {}

    static @Nullable String text(String parameter, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.length() > MAX_TEXT) {
            throw ProblemException.invalidParameter(
                    parameter, "too-long", parameter + " has at most " + MAX_TEXT + " characters");
        }
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF))) {
            throw ProblemException.invalidParameter(
                    parameter, "control-characters", parameter + " has no control characters");
        }
        return text;
    }

    static @Nullable MonitorType type(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        for (MonitorType type : MonitorType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(text)) {
                return type;
            }
        }
        throw ProblemException.invalidParameter("type", "unknown-value", "type is smtp, imap or pop3");
    }
}
