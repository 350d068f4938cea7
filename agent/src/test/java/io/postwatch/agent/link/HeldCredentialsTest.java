package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.probe.time.ControllerTime;
import io.postwatch.proto.agent.v1.Welcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a certificate is renewed, in a time that the test moves. */
@Timeout(60)
class HeldCredentialsTest {

    /** Draws 0.5. */
    private static final RandomGenerator HALF = () -> Long.MIN_VALUE;

    @TempDir
    Path home;

    private final TestAuthority authority = new TestAuthority("platform");
    private final ControllerTime clock = () -> this.now;
    private Instant now = Instant.now();
    private long nanos;
    private ScriptedController controller;
    private ScriptedController forgetful;
    private Credentials credentials;
    private IdentityStore store;
    private Enrolment enrolment;
    private HeldCredentials held;

    @BeforeEach
    void enrol() throws Exception {
        controller = new ScriptedController(authority);
        forgetful = new ScriptedController(authority);
        store = new IdentityStore(PrivateFolder.open(home.resolve("state")), new SecureRandom());
        enrolment = new Enrolment(store, "1.2.3", new GatewayChannels(null));
        credentials = enrolment.enrol(controller.address(), controller.token(), "host-a");
        held = held(HALF);
    }

    private HeldCredentials held(RandomGenerator random) {
        return new HeldCredentials(
                credentials.withController(forgetful.address()),
                store,
                enrolment,
                new CertificateTime(clock, () -> nanos),
                () -> nanos,
                random);
    }

    @AfterEach
    void close() {
        controller.close();
        forgetful.close();
    }

    @Test
    void isNotRenewedBeforeHalfOfItsLifeIsOver() {
        assertThat(held.renewIfDue()).isFalse();
        now = now.plus(Duration.ofDays(5));
        forgetful.knowAgentsOf(controller);
        assertThat(held.renewIfDue()).isTrue();
        assertThat(forgetful.renewals()).isOne();
    }

    @Test
    void whatFailedUnderAClockThatWasYearsAheadIsTriedAgainAMinuteLater() {
        Instant real = now;
        now = real.plus(Duration.ofDays(4900));
        assertThat(held.renewIfDue()).isFalse();
        forgetful.knowAgentsOf(controller);
        now = real.plus(Duration.ofDays(5));
        assertThat(held.renewIfDue()).isFalse();
        nanos += Duration.ofSeconds(61).toNanos();
        assertThat(held.renewIfDue()).isTrue();
    }

    /** Killed after the controller had answered, and before anything of the answer was on the disk. */
    @Test
    void anAnswerThatWasLostIsAskedForAgainWithTheSameKey() throws Exception {
        Credentials lost = enrolment.renew(credentials, credentials::notBefore);
        now = now.plus(Duration.ofDays(5));
        forgetful.knowAgentsOf(controller);

        assertThat(held.renewIfDue()).isTrue();

        Credentials kept = store.credentials().orElseThrow();
        assertThat(kept).isEqualTo(held.current());
        assertThat(kept.chain().getFirst().getPublicKey())
                .isEqualTo(lost.chain().getFirst().getPublicKey());
        assertThat(store.nextTlsKey().isOf(kept.chain().getFirst())).isFalse();
    }

    /** Killed while it kept the roots that a welcome had named: it has those of before, and hears of the others again. */
    @ParameterizedTest(name = "of the file that was to take the old one''s place there was {0} of it")
    @ValueSource(strings = {"nothing", "half", "all"})
    void rootsThatWereBeingKeptAreLearntAgain(String there) throws Exception {
        X509Certificate certified = authority.certify(new TestAuthority("platform"));
        Path file = home.resolve("state/credentials.pem");
        byte[] before = Files.readAllBytes(file);
        held.welcomed(welcome(authority.root(), certified));
        byte[] after = Files.readAllBytes(file);
        int length = switch (there) {
            case "nothing" -> 0;
            case "half" -> after.length / 2;
            case "all" -> after.length;
            default -> throw new AssertionError(there);
        };
        Files.write(file, before);
        Files.write(home.resolve("state/credentials.pem.new"), Arrays.copyOf(after, length));

        assertThat(store.credentials().orElseThrow().roots()).containsExactly(authority.root());
        held(HALF).welcomed(welcome(authority.root(), certified));
        assertThat(store.credentials().orElseThrow().roots()).containsExactly(authority.root(), certified);
    }

    private static Welcome welcome(X509Certificate... roots) throws Exception {
        Welcome.Builder welcome = Welcome.newBuilder();
        for (X509Certificate root : roots) {
            welcome.addRoots(ByteString.copyFrom(root.getEncoded()));
        }
        return welcome.build();
    }

    /** Agents whose controller could not renew them don't come back together. */
    @ParameterizedTest
    @CsvSource({"0, 30", "-9223372036854775808, 60", "-1, 90"})
    void aRenewalThatFailedIsTriedAgainAfterHalfAMinuteToOneAndAHalf(long draw, long seconds) {
        HeldCredentials failing = held(() -> draw);
        now = now.plus(Duration.ofDays(5));
        assertThat(failing.renewIfDue()).isFalse();
        assertThat(failing.untilRenewal()).isCloseTo(Duration.ofSeconds(seconds), Duration.ofMillis(1));
    }
}
