package io.postwatch.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationPoolTest {
    @ParameterizedTest(name = "{6}")
    @CsvSource(delimiter = '|', textBlock = """
            0 | 0 | 0 | 0 | 0 | false | NO_AGENT        | nobody is there
            2 | 0 | 0 | 0 | 0 | false | NEVER_CONNECTED | enrolled, and never came
            2 | 1 | 0 | 1 | 2 | false | ONLINE          | one of two
            2 | 1 | 0 | 1 | 2 | true  | ONLINE          | one came back a moment ago
            2 | 0 | 0 | 0 | 1 | false | ONLINE          | cut off a moment ago
            2 | 0 | 0 | 0 | 1 | true  | SILENT          | it is certain
            2 | 1 | 1 | 0 | 1 | true  | SILENT          | the one that is connected is in maintenance
            2 | 1 | 2 | 0 | 0 | false | IN_MAINTENANCE  | both
            2 | 0 | 1 | 0 | 0 | false | IN_MAINTENANCE  | the other one never came
            """)
    void addsUp(
            int agents,
            int online,
            int inMaintenance,
            int working,
            int met,
            boolean silent,
            LocationState state,
            String why) {
        @Nullable Instant since = silent ? Instant.EPOCH : null;

        assertThat(new LocationPool(agents, online, inMaintenance, working, met, since).state())
                .as(why)
                .isEqualTo(state);
    }
}
