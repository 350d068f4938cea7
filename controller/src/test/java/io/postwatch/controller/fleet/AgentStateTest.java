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
            AgentState.AWAITING_APPROVAL, Set.of(AgentState.NEVER_CONNECTED, AgentState.REFUSED),
            AgentState.NEVER_CONNECTED, Set.of(AgentState.ONLINE, AgentState.CLONED, AgentState.REVOKED),
            AgentState.ONLINE, Set.of(AgentState.OFFLINE, AgentState.CLONED, AgentState.REVOKED),
            AgentState.OFFLINE, Set.of(AgentState.ONLINE, AgentState.CLONED, AgentState.REVOKED),
            AgentState.CLONED, Set.of(AgentState.NEVER_CONNECTED, AgentState.OFFLINE, AgentState.REVOKED),
            AgentState.REFUSED, Set.of(),
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
        "false, false, false, false, false, false, NEVER_CONNECTED",
        "false, false, false, false, false, true, OFFLINE",
        "false, false, false, false, true, true, ONLINE",
        "false, false, false, true, false, false, AWAITING_APPROVAL",
        "false, false, true, false, false, true, CLONED",
        "false, true, true, false, true, true, REVOKED",
        "false, true, false, false, false, false, REVOKED",
        "true, true, false, false, false, false, REFUSED"
    })
    void anAgentsStateFollowsFromWhatIsStored(
            boolean refused,
            boolean revoked,
            boolean cloned,
            boolean awaiting,
            boolean inSession,
            boolean ever,
            AgentState state) {
        assertThat(AgentState.of(new AgentState.Marks(refused, revoked, cloned, awaiting, inSession, ever)))
                .isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource(AgentState.class)
    void whoWasLetInAndMayComeAgainHasAPlaceToTake(AgentState state) {
        assertThat(state.isReplaceable())
                .isEqualTo(Set.of(AgentState.NEVER_CONNECTED, AgentState.ONLINE, AgentState.OFFLINE, AgentState.CLONED)
                        .contains(state));
    }
}
