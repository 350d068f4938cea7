package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.ScriptedController;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How a host becomes an agent, and stays one. */
class AgentEnrolmentTest extends AgentTestCase {

    @Test
    void aTokenMakesAHostAnAgentAndTheSameHostTheSameAgent() throws Exception {
        Credentials first = enrol();
        assertThat(first.agentName()).isEqualTo("host-a");
        assertThat(first.locationName()).isEqualTo("Test Lab");
        Credentials second = enrol();
        assertThat(second.agent()).isEqualTo(first.agent());
        assertThat(controller.enrolledAgents()).isEqualTo(1);
    }

    @Test
    void aControllerOfAnotherPlatformNeverSeesTheToken() throws Exception {
        TestAuthority other = new TestAuthority("other");
        try (ScriptedController foreign = new ScriptedController(other, authority, 0)) {
            assertThatThrownBy(() -> enrolment().enrol(foreign.address(), foreign.token(), "host-a"))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.isForGood()).isTrue())
                    .hasMessageContaining("not the platform's");
            assertThat(foreign.enrolledAgents()).isZero();
        }
    }

    @Test
    void anUnknownTokenIsRefusedForGoodAndAMissingControllerIsNot() throws Exception {
        ScriptedController sameAuthority = new ScriptedController(authority);
        ControllerAddress gone = sameAuthority.address();
        sameAuthority.close();
        assertThatThrownBy(() -> enrolment().enrol(gone, controller.token(), "host-a"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isFalse())
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> enrolment()
                        .enrol(
                                controller.address(),
                                io.postwatch.agent.identity.EnrolmentToken.of(
                                        "123456789012345678901234".getBytes(StandardCharsets.US_ASCII),
                                        authority.keyHash()),
                                "host-a"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isTrue())
                .hasMessageContaining("unknown, used up or expired");
    }

    @Test
    void anExpiredCertificateIsRenewedBeforeConnecting() throws Exception {
        controller.issueCertificates(Instant.now().minus(Duration.ofDays(30)), Duration.ofDays(7));
        Credentials expired = enrol();
        assertThat(expired.notAfter()).isBefore(Instant.now());
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));
        startOn(home.resolve("state"), expired);
        controller.session(1);
        assertThat(controller.renewals()).isEqualTo(1);
        Credentials renewed = enrolledCredentials(home.resolve("state"));
        assertThat(renewed.key()).isNotEqualTo(expired.key());
        assertThat(renewed.agent()).isEqualTo(expired.agent());
        assertThat(renewed.notAfter()).isAfter(Instant.now());
    }

    @Test
    void aCertificateIsRenewedAtHalfLifeWithinTheSession() throws Exception {
        // Half of 20 s, give or take a tenth, is 8 to 12 s; 7 s of them have passed already.
        controller.issueCertificates(Instant.now().minusSeconds(7), Duration.ofSeconds(20));
        Credentials first = enrol();
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));
        startOn(home.resolve("state"), first);
        controller.session(2);
        assertThat(controller.renewals()).isEqualTo(1);
        assertThat(controller.session(1).isOver()).isTrue();
    }

    @Test
    void everyAgentHasItsOwnFolder() throws Exception {
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        try (PrivateFolder.Hold hold = folder.hold().orElseThrow()) {
            assertThat(hold).isNotNull();
            java.io.ByteArrayOutputStream errors = new java.io.ByteArrayOutputStream();
            int code = Main.commandLine(new java.io.PrintStream(errors, true, StandardCharsets.UTF_8))
                    .execute("run", "--state", home.resolve("state").toString());
            assertThat(code).isEqualTo(Main.MISCONFIGURED);
            assertThat(errors.toString(StandardCharsets.UTF_8)).contains("every agent needs its own");
        }
    }
}
