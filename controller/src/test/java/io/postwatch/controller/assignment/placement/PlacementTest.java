package io.postwatch.controller.assignment.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.assignment.Grid;
import io.postwatch.controller.assignment.placement.Placement.Candidate;
import io.postwatch.controller.assignment.placement.Placement.Standing;
import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
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
        List<Candidate> two = List.of(new Candidate(gone, Standing.SILENT, 1, ALL), three.get(1), three.get(2));

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
    void anAgentInMaintenanceKeepsNothingNotEvenAsTheLastOne() {
        Candidate drained = new Candidate(agent(), Standing.IN_MAINTENANCE, 1, ALL);
        Candidate other = connected();

        assertThat(choose(monitor(), List.of(drained, other), drained.agent())).contains(other.agent());
        assertThat(choose(monitor(), List.of(drained), drained.agent())).isEmpty();
        assertThat(choose(monitor(), List.of(drained, silent()), drained.agent()))
                .isEmpty();
    }

    @Test
    void anAgentThatIsLostAgainAndAgainKeepsWhatItHasAndGetsNoMoreFromOthers() {
        Candidate other = connected();
        Candidate flapping = new Candidate(agent(), Standing.UNSETTLED, 1, ALL);
        Candidate settled = new Candidate(flapping.agent(), Standing.AT_WORK, 1, ALL);
        int won = 0;
        for (int i = 0; i < 200; i++) {
            MonitorId monitor = monitor();
            assertThat(choose(monitor, List.of(other, flapping), other.agent())).contains(other.agent());
            assertThat(choose(monitor, List.of(other, flapping), null)).contains(other.agent());
            Optional<AgentId> rightful = choose(monitor, List.of(other, settled), null);
            assertThat(choose(monitor, List.of(other, flapping), flapping.agent()))
                    .as("what it has is judged as ever")
                    .isEqualTo(rightful);
            won += rightful.equals(Optional.of(flapping.agent())) ? 1 : 0;
        }
        assertThat(won).isBetween(50, 150);
    }

    @Test
    void anAgentThatIsLostAgainAndAgainTakesWhatNobodyElseCan() {
        Candidate flapping = new Candidate(agent(), Standing.UNSETTLED, 1, ALL);
        Candidate unable = new Candidate(
                agent(), Standing.AT_WORK, 1, new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), true, true));
        Candidate lost = silent();

        assertThat(choose(monitor(), List.of(flapping), null)).contains(flapping.agent());
        assertThat(choose(monitor(), List.of(unable, flapping), null)).contains(flapping.agent());
        assertThat(choose(monitor(), List.of(lost, flapping), lost.agent())).contains(flapping.agent());
    }

    @Test
    void whereNoAgentIsSettledTheyAreTakenAsIfAllWere() {
        Candidate first = new Candidate(agent(), Standing.UNSETTLED, 1, ALL);
        Candidate second = new Candidate(agent(), Standing.UNSETTLED, 1, ALL);
        Candidate unable = new Candidate(
                agent(), Standing.AT_WORK, 1, new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), true, true));
        List<Candidate> settled = List.of(
                new Candidate(first.agent(), Standing.AT_WORK, 1, ALL),
                new Candidate(second.agent(), Standing.AT_WORK, 1, ALL));
        int moved = 0;
        for (int i = 0; i < 200; i++) {
            MonitorId monitor = monitor();
            Optional<AgentId> rightful = choose(monitor, settled, null);
            assertThat(choose(monitor, List.of(first, second), first.agent()))
                    .as("whoever came first")
                    .isEqualTo(rightful);
            assertThat(choose(monitor, List.of(unable, first, second), first.agent()))
                    .as("one that can't do it doesn't count")
                    .isEqualTo(rightful);
            moved += rightful.equals(Optional.of(second.agent())) ? 1 : 0;
        }
        assertThat(moved).isBetween(50, 150);
    }

    @Test
    void onlyAnAgentThatCanDoItGetsIt() {
        Candidate smtpOnly = new Candidate(
                agent(), Standing.AT_WORK, 1, new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), true, false));

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

    @Test
    void theFamiliesOfOneMonitorAreHalfAPeriodApart() {
        MonitorId monitor = monitor();
        MonitorSettings both = settings(FamilyChoice.BOTH);

        Duration ipv4 = Grid.anchor(monitor, both, AddressFamily.IPV4);
        Duration ipv6 = Grid.anchor(monitor, both, AddressFamily.IPV6);

        assertThat(ipv4).isEqualTo(Grid.anchor(monitor, both.period()));
        assertThat(ipv4.minus(ipv6).abs()).isEqualTo(Duration.ofSeconds(30));
        assertThat(ipv6).isBetween(Duration.ZERO, Duration.ofMillis(59_999));
        assertThat(Grid.anchor(monitor, settings(FamilyChoice.IPV6), AddressFamily.IPV6))
                .as("alone it has the monitor's own place")
                .isEqualTo(ipv4);
        assertThatThrownBy(() -> Grid.anchor(monitor, both, AddressFamily.ANY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static MonitorSettings settings(FamilyChoice families) {
        return new MonitorSettings(
                MonitorType.IMAP,
                new MailHost("mail.example.org"),
                993,
                Security.TLS,
                families,
                null,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                new Thresholds(null, null),
                new CertificatePolicy(21, 7, false),
                Expectations.NONE,
                null,
                null,
                null);
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
        return new Candidate(agent(), Standing.AT_WORK, 1, ALL);
    }

    private Candidate silent() {
        return new Candidate(agent(), Standing.SILENT, 1, ALL);
    }
}
