package io.postwatch.controller.assignment.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.placement.Placement.Candidate;
import io.postwatch.controller.assignment.placement.Placement.Standing;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final AgentAbilities ALL =
            new AgentAbilities(Set.of(MonitorType.values()), Set.of(AuthMechanism.values()), Set.of(), true, true);
    private static final Needs IMAP = new Needs(MonitorType.IMAP, AddressFamily.ANY, Set.of(), null);

    private static final Needs ALICE =
            new Needs(MonitorType.IMAP, AddressFamily.ANY, Set.of(), new LocalSecretName("imap-alice"));

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
                agent(),
                Standing.AT_WORK,
                1,
                new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), Set.of(), true, true));
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
                agent(),
                Standing.AT_WORK,
                1,
                new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), Set.of(), true, true));
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
                agent(),
                Standing.AT_WORK,
                1,
                new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), Set.of(), true, false));

        assertThat(choose(monitor(), List.of(smtpOnly), null)).isEmpty();
        assertThat(Placement.choose(
                        monitor(),
                        new Needs(MonitorType.SMTP, AddressFamily.IPV6, Set.of(), null),
                        List.of(smtpOnly),
                        null))
                .isEmpty();
        assertThat(Placement.choose(
                        monitor(),
                        new Needs(MonitorType.SMTP, AddressFamily.IPV4, Set.of(AuthMechanism.PLAIN), null),
                        List.of(smtpOnly),
                        null))
                .isEmpty();
        assertThat(Placement.choose(
                        monitor(),
                        new Needs(MonitorType.SMTP, AddressFamily.IPV4, Set.of(), null),
                        List.of(smtpOnly),
                        null))
                .contains(smtpOnly.agent());
    }

    @Test
    void anAgentWhoseHostKnowsTheSecretGoesFirst() {
        Candidate knows = new Candidate(agent(), Standing.AT_WORK, 1, knowing("imap-alice"));
        Candidate knowsAnother = new Candidate(agent(), Standing.AT_WORK, 1, knowing("imap-bob"));
        for (int i = 0; i < 20; i++) {
            MonitorId monitor = monitor();
            assertThat(Placement.choose(monitor, ALICE, List.of(connected(), knows, knowsAnother), null))
                    .contains(knows.agent());
            assertThat(Placement.choose(monitor, ALICE, List.of(connected(), knows), knowsAnother.agent()))
                    .as("moved to it")
                    .contains(knows.agent());
        }
    }

    @Test
    void whereNoHostKnowsTheSecretAnotherAgentGetsTheMonitorToRejectIt() {
        Candidate able = connected();
        Candidate unable = new Candidate(
                agent(),
                Standing.AT_WORK,
                1,
                new AgentAbilities(Set.of(MonitorType.SMTP), Set.of(), Set.of(), true, true));
        Candidate lost = new Candidate(agent(), Standing.SILENT, 1, knowing("imap-alice"));

        assertThat(Placement.choose(monitor(), ALICE, List.of(able, unable), null))
                .contains(able.agent());
        assertThat(Placement.choose(monitor(), ALICE, List.of(unable), null)).isEmpty();
        assertThat(Placement.choose(monitor(), ALICE, List.of(able, lost), null))
                .as("one that knows it and is silent")
                .contains(able.agent());
        assertThat(Placement.choose(monitor(), ALICE, List.of(able, lost), lost.agent()))
                .as("it is that one's already, which may go on with it")
                .contains(lost.agent());
    }

    private static AgentAbilities knowing(String secret) {
        return new AgentAbilities(
                Set.of(MonitorType.values()),
                Set.of(AuthMechanism.values()),
                Set.of(new LocalSecretName(secret)),
                true,
                true);
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
