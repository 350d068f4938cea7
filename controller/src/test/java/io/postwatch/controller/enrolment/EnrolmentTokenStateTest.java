package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** All pairs of states of an enrolment token. */
class EnrolmentTokenStateTest {
    @ParameterizedTest
    @EnumSource(EnrolmentTokenState.class)
    void onlyAUsableTokenChanges(EnrolmentTokenState from) {
        for (EnrolmentTokenState to : EnrolmentTokenState.values()) {
            assertThat(from.canBecome(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(from == EnrolmentTokenState.USABLE && to != EnrolmentTokenState.USABLE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, 1, 10, USABLE",
        "false, 0, 10, USED",
        "false, 1, 0, EXPIRED",
        "false, 0, 0, USED",
        "true, 1, 10, REVOKED",
        "true, 0, 0, REVOKED"
    })
    void aTokensStateFollowsFromWhatIsStored(boolean revoked, int uses, int secondsLeft, EnrolmentTokenState state) {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        assertThat(EnrolmentTokenState.of(revoked ? now : null, uses, now.plusSeconds(secondsLeft), now))
                .isEqualTo(state);
    }
}
