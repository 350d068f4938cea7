package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.ScriptedController.Shown;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.probe.time.ControllerTime;
import io.postwatch.proto.agent.v1.Welcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody with a controller's key, and without the platform's authority, can't make an agent believe. */
@Timeout(60)
class IssuedByThePlatformTest {

    @TempDir
    Path home;

    private final TestAuthority authority = new TestAuthority("platform");
    private final TestAuthority stranger = new TestAuthority("platform");
    private final TestAuthority next = new TestAuthority("next platform");
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private ScriptedController controller;
    private IdentityStore store;
    private Enrolment enrolment;

    @BeforeEach
    void open() throws Exception {
        controller = new ScriptedController(authority);
        store = new IdentityStore(PrivateFolder.open(home.resolve("state")), new SecureRandom());
        enrolment = new Enrolment(store, "1.2.3", new GatewayChannels(null));
    }

    @AfterEach
    void close() {
        controller.close();
    }

    @Test
    void aCertificateOfAnotherAuthorityEnrolsNobody() throws Exception {
        controller.issueBy(stranger);

        assertThatThrownBy(this::enrol).isInstanceOf(RefusedException.class).hasMessageContaining("can't be used");

        assertThat(store.credentials()).isEmpty();
    }

    @Test
    void aCertificateOfAnotherAuthorityRenewsNothing() throws Exception {
        Credentials enrolled = enrol();
        controller.issueBy(stranger);
        controller.nameRoots(stranger.root());

        assertThatThrownBy(() -> enrolment.renew(enrolled, enrolled::notBefore))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("can't be used");
    }

    /** He passes the call on to the platform, and shows its answer. */
    @Test
    void whoHasAnExpiredKeyOfAControllerRenewsNothingEither() throws Exception {
        Instant over = now.minus(Duration.ofDays(1));
        controller.issueCertificates(over.minus(Duration.ofDays(2)), Duration.ofDays(7));
        Credentials enrolled = enrol();
        InetSocketAddress place = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Shown shown = new Shown("postwatch-controller", over.minus(Duration.ofDays(7)), over);
        try (ScriptedController thief = new ScriptedController(authority, authority, place, shown)) {
            thief.knowAgentsOf(controller);
            assertThatThrownBy(() -> enrolment.renew(enrolled.withController(thief.address()), enrolled::notBefore))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.isForGood()).isFalse())
                    .hasMessageContaining("its certificate was good until " + over);
            assertThat(thief.renewals()).isOne();
        }
    }

    @Test
    void anEnrolmentTakesTheRootsThatTheTokensRootCertifies() throws Exception {
        X509Certificate certified = authority.certify(next);
        controller.nameRoots(authority.root(), certified, stranger.root());

        assertThat(enrol().roots()).containsExactly(authority.root(), certified);
        assertThat(store.credentials().orElseThrow().roots()).hasSize(2);
    }

    @Test
    void aRenewalTakesTheRootsThatATrustedOneCertifiesAndLetsTheFormerGo() throws Exception {
        Credentials enrolled = enrol();
        X509Certificate certified = authority.certify(next);
        controller.nameRoots(authority.root(), stranger.root(), certified);
        Credentials between = enrolment.renew(enrolled, enrolled::notBefore);
        assertThat(between.roots()).containsExactly(authority.root(), certified);
        store.save(between);

        controller.issueBy(next);
        controller.nameRoots(certified);
        assertThat(enrolment.renew(between, between::notBefore).roots()).containsExactly(certified);
    }

    /** Away while the platform changed its authority. */
    @Test
    void anAgentThatKnowsTheFormerRootAloneFollowsToTheNext() throws Exception {
        Credentials enrolled = enrol();
        X509Certificate certified = authority.certify(next);
        controller.issueBy(next);
        controller.nameRoots(certified);

        assertThat(enrolment.renew(enrolled, enrolled::notBefore).roots()).containsExactly(certified);
    }

    @Test
    void rootsThatNobodyCertifiesLeaveTheTrustedOnes() throws Exception {
        Credentials enrolled = enrol();
        controller.nameRoots(stranger.root());
        assertThat(enrolment.renew(enrolled, enrolled::notBefore).roots()).containsExactly(authority.root());
        controller.nameRoots();
        assertThat(enrolment.renew(enrolled, enrolled::notBefore).roots()).containsExactly(authority.root());
    }

    /** The certificate of a controller is signed by the root, too, and is no authority. */
    @Test
    void theCertificateOfAControllerIsNoRoot() throws Exception {
        Credentials enrolled = enrol();
        controller.nameRoots(
                authority.root(),
                authority.serverCertificate(TestAuthority.generateKeys().getPublic(), "postwatch-controller"));

        assertThat(enrolment.renew(enrolled, enrolled::notBefore).roots()).containsExactly(authority.root());
    }

    @Test
    void aWelcomeTakesOverNoOtherRootsEither() throws Exception {
        HeldCredentials held = held(enrol());
        X509Certificate certified = authority.certify(next);

        held.welcomed(welcome(stranger.root()));
        assertThat(held.current().roots()).containsExactly(authority.root());

        held.welcomed(welcome(authority.root(), certified, stranger.root()));
        assertThat(held.current().roots()).containsExactly(authority.root(), certified);
        assertThat(store.credentials().orElseThrow().roots()).containsExactly(authority.root(), certified);

        held.welcomed(welcome(certified));
        assertThat(held.current().roots()).containsExactly(certified);
    }

    private Credentials enrol() throws Exception {
        return enrolment.enrol(controller.address(), controller.token(), "host-a");
    }

    private HeldCredentials held(Credentials credentials) {
        ControllerTime clock = () -> now;
        return new HeldCredentials(
                credentials, store, enrolment, new CertificateTime(clock, () -> 0), () -> 0, () -> Long.MIN_VALUE);
    }

    private static Welcome welcome(X509Certificate... roots) throws Exception {
        Welcome.Builder welcome = Welcome.newBuilder();
        for (X509Certificate root : roots) {
            welcome.addRoots(ByteString.copyFrom(root.getEncoded()));
        }
        return welcome.build();
    }
}
