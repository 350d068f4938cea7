package io.postwatch.controller.monitortest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeStateTest {
    @ParameterizedTest
    @EnumSource(OutcomeState.class)
    void anOutcomeGoesWhereItMayAndNowhereElse(OutcomeState from) {
        Map<OutcomeState, Set<OutcomeState>> legal = Map.of(
                OutcomeState.WAITING, Set.of(OutcomeState.RUNNING, OutcomeState.FAILED),
                OutcomeState.RUNNING, Set.of(OutcomeState.DONE, OutcomeState.FAILED),
                OutcomeState.DONE, Set.of(),
                OutcomeState.FAILED, Set.of());
        for (OutcomeState to : OutcomeState.values()) {
            assertThat(from.canBecome(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(legal.getOrDefault(from, Set.of()).contains(to));
        }
    }
}
