package io.postwatch.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** All pairs of states of an agent and of an enrolment token. */
class LifeCyclesTest {
    private static final Map<AgentState, Set<AgentState>> AGENT = Map.of(
            AgentState.NEVER_CONNECTED, Set.of(AgentState.ONLINE, AgentState.REVOKED),
            AgentState.ONLINE, Set.of(AgentState.OFFLINE, AgentState.REVOKED),
            AgentState.OFFLINE, Set.of(AgentState.ONLINE, AgentState.REVOKED),
            AgentState.REVOKED, Set.of());

    @ParameterizedTest
    @EnumSource(AgentState.class)
    void anAgentGoesWhereItMayAndNowhereElse(AgentState from) {
        for (AgentState to : AgentState.values()) {
            assertThat(from.canBecome(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(AGENT.getOrDefault(from, Set.of()).contains(to));
        }
    }

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
        "false, false, false, NEVER_CONNECTED",
        "false, false, true, OFFLINE",
        "false, true, true, ONLINE",
        "true, true, true, REVOKED",
        "true, false, false, REVOKED"
    })
    void anAgentsStateFollowsFromWhatIsStored(boolean revoked, boolean inSession, boolean ever, AgentState state) {
        assertThat(AgentState.of(revoked, inSession, ever)).isEqualTo(state);
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
