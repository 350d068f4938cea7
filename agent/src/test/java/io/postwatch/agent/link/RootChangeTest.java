package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.ScriptedController.Shown;
import io.postwatch.agent.link.channel.GatewayChannel;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A platform changes its root, and changes it again: every agent finds its way, over real TLS, whatever it knew when it came. All
 * roots have one name and may have no authority below them, as a platform's.
 */
@Timeout(60)
class RootChangeTest {

    private static final InetSocketAddress PLACE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path home;

    private final TestAuthority old = new TestAuthority("Postwatch platform");
    private final TestAuthority next = new TestAuthority("Postwatch platform");
    private final TestAuthority third = new TestAuthority("Postwatch platform");
    private final TestAuthority stranger = new TestAuthority("Postwatch platform");
    private final X509Certificate oldRoot = old.root();
    private final X509Certificate nextRoot = old.certify(next);
    private final X509Certificate thirdRoot = next.certify(third);
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final GatewayChannels channels = new GatewayChannels(null);
    private final List<ScriptedController> controllers = new ArrayList<>();
    private IdentityStore store;
    private Enrolment enrolment;

    /** How far the platform is with its change. */
    enum Phase {
        PREPARED,
        CHANGED,
        RETIRED,
        CHANGED_AGAIN,
        RETIRED_AGAIN
    }

    /** Which roots an agent knows when it comes. */
    enum Knowledge {
        OLD,
        BOTH,
        NEXT
    }

    @BeforeEach
    void open() throws Exception {
        store = new IdentityStore(PrivateFolder.open(home.resolve("state")), new SecureRandom());
        enrolment = new Enrolment(store, "1.2.3", channels);
    }

    @AfterEach
    void close() {
        controllers.forEach(ScriptedController::close);
    }

    static Stream<Arguments> agents() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Arrays.stream(Knowledge.values())
                        .filter(knows -> knows != Knowledge.NEXT || phase != Phase.PREPARED)
                        .flatMap(knows -> Stream.of(false, true).map(expired -> Arguments.of(phase, knows, expired))));
    }

    @ParameterizedTest(name = "{0}, knows {1}, its certificate has expired: {2}")
    @MethodSource("agents")
    void everyAgentRenewsAndKnowsTheRootsOfTheDay(Phase phase, Knowledge knows, boolean expired) throws Exception {
        Credentials before = enrolledBefore(expired).withRoots(known(knows));
        ScriptedController controller = at(phase);
        Credentials agent = before.withController(controller.address());
        if (!expired) {
            assertThatItIsAnswered(agent);
        }

        Credentials renewed = enrolment.renew(agent, agent::notBefore);

        assertThat(renewed.roots()).isEqualTo(expectedOf(phase, knows));
        assertThat(renewed.notAfter()).isAfter(now);
        assertThatItIsAnswered(renewed);
        assertThat(enrolment.renew(renewed, renewed::notBefore).roots())
                .as("once more")
                .isEqualTo(renewed.roots());
    }

    @ParameterizedTest(name = "{0}, knows {1}, its certificate has expired: {2}")
    @MethodSource("agents")
    void aForeignRootIsTakenByNone(Phase phase, Knowledge knows, boolean expired) throws Exception {
        Credentials before = enrolledBefore(expired).withRoots(known(knows));
        ScriptedController controller = at(phase);
        List<X509Certificate> named = new ArrayList<>(List.of(stranger.root(), stranger.certify(next)));
        named.addAll(named(phase));
        controller.nameRoots(named.toArray(X509Certificate[]::new));
        Credentials agent = before.withController(controller.address());

        assertThat(enrolment.renew(agent, agent::notBefore).roots()).isEqualTo(expectedOf(phase, knows));
    }

    @ParameterizedTest(name = "{0}, knows {1}, its certificate has expired: {2}")
    @MethodSource("agents")
    void aForeignControllerIsRefusedByAll(Phase phase, Knowledge knows, boolean expired) throws Exception {
        Credentials before = enrolledBefore(expired).withRoots(known(knows));
        List<X509Certificate> path = new ArrayList<>(List.of(stranger.root()));
        path.addAll(path(phase));
        ScriptedController foreign = controller(stranger, path, stranger);
        foreign.knowAgentsOf(controllers.getFirst());
        Credentials agent = before.withController(foreign.address());

        assertThatThrownBy(() -> enrolment.renew(agent, agent::notBefore))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not the platform's");
        assertThat(foreign.renewals()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aTokenThatNamesTheOldRootStillEnrols(Phase phase) throws Exception {
        ScriptedController controller = at(phase);

        Credentials enrolled = enrolment.enrol(controller.address(), controller.token(), "host-a");

        assertThat(enrolled.roots()).isEqualTo(named(phase));
        assertThatItIsAnswered(enrolled);
    }

    @Test
    void aTokenOfAfterTheChangeEnrolsToTheNextRootAlone() throws Exception {
        ScriptedController controller = controller(next, path(Phase.CHANGED), next);
        controller.nameRoots(named(Phase.CHANGED).toArray(X509Certificate[]::new));

        assertThat(enrolment
                        .enrol(controller.address(), controller.token(), "host-a")
                        .roots())
                .containsExactly(nextRoot);
    }

    /** What is shown for agents that know something older is none of the others' concern. */
    @Test
    void aFormerRootThatIsOverHoldsNobodyUp() throws Exception {
        TestAuthority over = new TestAuthority("Postwatch platform", now.minus(Duration.ofDays(30)));
        X509Certificate certified = over.certify(next);
        Credentials before = enrolledBefore(false);
        ScriptedController controller = controller(next, List.of(certified, over.root()), over);
        controller.knowAgentsOf(controllers.getFirst());
        controller.nameRoots(certified);
        controller.nameFormerRoots(List.of(over.root()));

        for (List<X509Certificate> known : List.of(List.of(certified), List.of(over.root()))) {
            Credentials agent = before.withRoots(known).withController(controller.address());
            assertThat(enrolment.renew(agent, () -> now).roots()).containsExactly(certified);
        }
    }

    /** Where the way back is not told, an agent keeps what it has, and takes nothing that it can't verify. */
    @Test
    void anAgentThatMissedMoreThanThePlatformTellsKeepsWhatItHas() throws Exception {
        Credentials before = enrolledBefore(true);
        ScriptedController controller = at(Phase.RETIRED_AGAIN);
        controller.nameFormerRoots(List.of());
        Credentials agent = before.withController(controller.address());

        assertThatThrownBy(() -> enrolment.renew(agent, agent::notBefore))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("can't be used");
    }

    private List<X509Certificate> known(Knowledge knows) {
        return switch (knows) {
            case OLD -> List.of(oldRoot);
            case BOTH -> List.of(oldRoot, nextRoot);
            case NEXT -> List.of(nextRoot);
        };
    }

    /** What the platform names, the issuing root first. */
    private List<X509Certificate> named(Phase phase) {
        return switch (phase) {
            case PREPARED -> List.of(oldRoot, nextRoot);
            case CHANGED -> List.of(nextRoot, oldRoot);
            case RETIRED -> List.of(nextRoot);
            case CHANGED_AGAIN -> List.of(thirdRoot, nextRoot);
            case RETIRED_AGAIN -> List.of(thirdRoot);
        };
    }

    private List<X509Certificate> former(Phase phase) {
        return switch (phase) {
            case PREPARED, CHANGED -> List.of();
            case RETIRED, CHANGED_AGAIN -> List.of(oldRoot);
            case RETIRED_AGAIN -> List.of(nextRoot, oldRoot);
        };
    }

    private List<X509Certificate> path(Phase phase) {
        return switch (phase) {
            case PREPARED -> List.of(oldRoot);
            case CHANGED, RETIRED -> List.of(nextRoot, oldRoot);
            case CHANGED_AGAIN, RETIRED_AGAIN -> List.of(thirdRoot, nextRoot, oldRoot);
        };
    }

    private TestAuthority issuing(Phase phase) {
        return switch (phase) {
            case PREPARED -> old;
            case CHANGED, RETIRED -> next;
            case CHANGED_AGAIN, RETIRED_AGAIN -> third;
        };
    }

    /** Nobody vouches for an older root: who knows the next one alone needs it no more. */
    private List<X509Certificate> expectedOf(Phase phase, Knowledge knows) {
        return phase == Phase.CHANGED && knows == Knowledge.NEXT ? List.of(nextRoot) : named(phase);
    }

    private Credentials enrolledBefore(boolean expired) throws Exception {
        ScriptedController first = controller(old, List.of(oldRoot), old);
        if (expired) {
            first.issueCertificates(now.minus(Duration.ofDays(30)), Duration.ofDays(7));
        }
        return enrolment.enrol(first.address(), first.token(), "host-a");
    }

    private ScriptedController at(Phase phase) throws Exception {
        ScriptedController controller = controller(issuing(phase), path(phase), old);
        controller.nameRoots(named(phase).toArray(X509Certificate[]::new));
        controller.nameFormerRoots(former(phase));
        controllers.forEach(controller::knowAgentsOf);
        return controller;
    }

    private ScriptedController controller(
            TestAuthority issuer, List<X509Certificate> path, TestAuthority tokensAuthority) throws Exception {
        ScriptedController controller = new ScriptedController(issuer, path, tokensAuthority, PLACE, Shown.now());
        controllers.add(controller);
        return controller;
    }

    /** With its client certificate, over TLS that both sides have judged. */
    private void assertThatItIsAnswered(Credentials agent) throws Exception {
        try (GatewayChannel channel = channels.forSession(agent, () -> now)) {
            assertThat(channel.calls()
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .issueChallenge(IssueChallengeRequest.getDefaultInstance())
                            .getNonce()
                            .isEmpty())
                    .isFalse();
        }
    }
}
