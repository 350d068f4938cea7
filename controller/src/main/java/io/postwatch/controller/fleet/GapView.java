package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Results that an agent had made and lost, as it told. */
@Schema(name = "AgentGap")
public record GapView(
        @Schema(description = "When the first of them was due")
        Instant from,

        @Schema(description = "When the last of them was due")
        Instant to,

        @Schema(description = "How many; absent where the agent couldn't know") @Nullable
        Long rows,

        @Schema(allowableValues = {"spool-full", "too-old", "spool-damaged", "unknown"})
        String reason,

        @Schema(description = "How many and why, in one sentence")
        String message,

        @Schema(description = "When the agent told of it") Instant toldAt) {

    /** The numbers are those that are stored; one of a newer release is not known. */
    private enum Reason {
        UNKNOWN("unknown", "it did not say why"),
        SPOOL_FULL("spool-full", "its room for results that wait to be sent was full"),
        TOO_OLD("too-old", "they had waited too long to be sent"),
        SPOOL_DAMAGED("spool-damaged", "the file they waited in could not be read");

        private final String code;
        private final String why;

        Reason(String code, String why) {
            this.code = code;
            this.why = why;
        }

        static Reason ofNumber(int number) {
            return number > 0 && number < values().length ? values()[number] : UNKNOWN;
        }
    }

    static GapView of(ResultSet row) throws SQLException {
        long dropped = row.getLong("dropped");
        Reason reason = Reason.ofNumber(row.getInt("reason"));
        return new GapView(
                Rows.requiredInstant(row, "first_at"),
                Rows.requiredInstant(row, "last_at"),
                dropped == 0 ? null : dropped,
                reason.code,
                "The agent lost " + count(dropped) + ": " + reason.why + ".",
                Rows.requiredInstant(row, "told_at"));
    }

    private static String count(long dropped) {
        if (dropped == 0) {
            return "results, it is not known how many";
        }
        return dropped == 1 ? "1 result" : dropped + " results";
    }
}
