package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.probe.time.ControllerTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a certificate is renewed, in a time that the test moves. */
@Timeout(60)
class HeldCredentialsTest {

    @TempDir
    Path home;

    private final TestAuthority authority = new TestAuthority("platform");
    private final ControllerTime clock = () -> this.now;
    private Instant now = Instant.now();
    private long nanos;
    private ScriptedController controller;
    private ScriptedController forgetful;
    private HeldCredentials held;

    @BeforeEach
    void enrol() throws Exception {
        controller = new ScriptedController(authority);
        forgetful = new ScriptedController(authority);
        IdentityStore store = new IdentityStore(PrivateFolder.open(home.resolve("state")), new SecureRandom());
        Enrolment enrolment = new Enrolment(store, "1.2.3", new GatewayChannels(null));
        Credentials credentials = enrolment.enrol(controller.address(), controller.token(), "host-a");
        held = new HeldCredentials(
                credentials.withController(forgetful.address()),
                store,
                enrolment,
                new CertificateTime(clock, () -> nanos),
                () -> nanos);
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
}
