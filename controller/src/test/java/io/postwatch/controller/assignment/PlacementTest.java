package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.Placement.Candidate;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.MonitorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final AgentAbilities ALL =
            new AgentAbilities(Set.of(MonitorType.values()), Set.of(AuthMechanism.values()), true, true);
    private static final Needs IMAP = new Needs(MonitorType.IMAP, AddressFamily.ANY, Set.of());

    private final Random random = new Random(20261122);

    @Test
    void aMonitorGoesToAConnectedAgentAndAlwaysToTheSame() {
        MonitorId monitor = monitor();
        List<Candidate> agents = new ArrayList<>(List.of(connected(), connected(), connected(), silent()));
        Optional<AgentId> chosen = choose(monitor, agents, null);

        assertThat(chosen).isPresent();
        assertThat(agents.getLast().agent()).isNotEqualTo(chosen.get());
        for (int i = 0; i < 10; i++) {
            java.util.Collections.shuffle(agents, random);
            assertThat(choose(monitor, agents, null)).isEqualTo(chosen);
        }
    }

    @Test
    void monitorsAreSpreadEvenly() {
        List<Candidate> agents = List.of(connected(), connected(), connected(), connected());
        Map<AgentId, Integer> counts = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            counts.merge(choose(monitor(), agents, null).orElseThrow(), 1, Integer::sum);
        }

        assertThat(counts.values())
                .hasSize(4)
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
    }

    @Test
    void whenAnAgentGoesOnlyItsMonitorsMove() {
        List<Candidate> three = List.of(connected(), connected(), connected());
        AgentId gone = three.getFirst().agent();
        List<Candidate> two = List.of(new Candidate(gone, false, ALL), three.get(1), three.get(2));

        for (int i = 0; i < 500; i++) {
            MonitorId monitor = monitor();
            AgentId before = choose(monitor, three, null).orElseThrow();
            AgentId after = choose(monitor, two, before).orElseThrow();
            if (before.equals(gone)) {
                assertThat(after).isNotEqualTo(gone);
            } else {
                assertThat(after).isEqualTo(before);
            }
        }
    }

    @Test
    void aLocationWhoseAgentsAreAllSilentKeepsItsPlacement() {
        Candidate last = silent();

        assertThat(choose(monitor(), List.of(silent(), last, silent()), last.agent()))
                .contains(last.agent());
        assertThat(choose(monitor(), List.of(silent(), silent()), null)).isEmpty();
        assertThat(choose(monitor(), List.of(silent()), agent()))
                .as("its last agent was revoked")
                .isEmpty();
    }

    @Test
    void onlyAnAgentThatCanDoItGetsIt() {
        Candidate smtpOnly =
                new Candidate(agent(), true, new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), true, false));

        assertThat(choose(monitor(), List.of(smtpOnly), null)).isEmpty();
        assertThat(Placement.choose(
                        monitor(), new Needs(MonitorType.SMTP, AddressFamily.IPV6, Set.of()), List.of(smtpOnly), null))
                .isEmpty();
        assertThat(Placement.choose(
                        monitor(),
                        new Needs(MonitorType.SMTP, AddressFamily.IPV4, Set.of(AuthMechanism.PLAIN)),
                        List.of(smtpOnly),
                        null))
                .isEmpty();
        assertThat(Placement.choose(
                        monitor(), new Needs(MonitorType.SMTP, AddressFamily.IPV4, Set.of()), List.of(smtpOnly), null))
                .contains(smtpOnly.agent());
    }

    @Test
    void runsOfOnePeriodAreSpreadOverIt() {
        Duration period = Duration.ofMinutes(1);
        int[] perQuarter = new int[4];
        IntStream.range(0, 4000).forEach(i -> {
            Duration anchor = Grid.anchor(monitor(), period);
            assertThat(anchor).isBetween(Duration.ZERO, period.minusMillis(1));
            perQuarter[(int) (anchor.toMillis() / 15_000)]++;
        });

        assertThat(perQuarter).satisfies(quarters -> {
            for (int count : quarters) {
                assertThat(count).isBetween(850, 1150);
            }
        });
    }

    @Test
    void aMonitorKeepsItsAnchor() {
        MonitorId monitor = monitor();

        assertThat(Grid.anchor(monitor, Duration.ofSeconds(10)))
                .isEqualTo(Grid.anchor(monitor, Duration.ofSeconds(10)));
    }

    private static Optional<AgentId> choose(MonitorId monitor, List<Candidate> agents, @Nullable AgentId current) {
        return Placement.choose(monitor, IMAP, agents, current);
    }

    private MonitorId monitor() {
        return new MonitorId(new UUID(random.nextLong(), random.nextLong()));
    }

    private AgentId agent() {
        return new AgentId(new UUID(random.nextLong(), random.nextLong()));
    }

    private Candidate connected() {
        return new Candidate(agent(), true, ALL);
    }

    private Candidate silent() {
        return new Candidate(agent(), false, ALL);
    }
}
