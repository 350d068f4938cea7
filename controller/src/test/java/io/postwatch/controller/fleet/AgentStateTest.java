package io.postwatch.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** All pairs of states of an agent. */
class AgentStateTest {
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
}
