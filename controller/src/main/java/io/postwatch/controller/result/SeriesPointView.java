package io.postwatch.controller.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.run.PhaseTiming;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result in a chart: milliseconds by phase; one that occurred twice is summed, one that did not occur is absent. */
@Schema(
        name = "SeriesPoint",
        description =
                "phases: milliseconds by phase name; a phase that occurred twice is summed, one that did not occur is absent.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SeriesPointView(
        Instant at,
        Status status,
        double totalMillis,
        Map<String, Double> phases,
        @Nullable String failureCode) {
    static SeriesPointView read(ResultSet row) throws SQLException {
        Map<Phase, Duration> sums = new EnumMap<>(Phase.class);
        for (PhaseTiming phase : RunColumns.phases(row.getArray("phases"))) {
            sums.merge(phase.phase(), phase.duration(), Duration::plus);
        }
        Map<String, Double> phases = new LinkedHashMap<>();
        sums.forEach((phase, sum) -> phases.put(phase.code(), RunView.millis(sum)));
        short code = row.getShort("failure_code");
        String failure = row.wasNull() ? null : FailureCode.ofNumber(code).code();
        return new SeriesPointView(
                RunColumns.instant(row, "scheduled_at"),
                RunColumns.status(row.getShort("status")),
                RunView.millis(Micros.duration(row.getLong("total_micros"))),
                phases,
                failure);
    }
}
