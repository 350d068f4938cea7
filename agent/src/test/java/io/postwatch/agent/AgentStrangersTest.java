package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.link.ScriptedController.Shown;
import io.postwatch.agent.link.channel.ConnectProxy;
import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.link.channel.GatewayChannel;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.link.channel.Inspection;
import io.postwatch.agent.link.channel.ProxyTls;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Whoever answers in the controller's place is called by what he is, and hears nothing. */
class AgentStrangersTest extends AgentTestCase {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String INSPECTED =
            "\"CN=Corporate Inspection\" issued it, so something on the way opens and inspects";

    @Test
    void aProxyThatInspectsTlsIsNamedAtEnrolmentAndNeverSeesTheToken() throws Exception {
        Inspection inspection = inspectedBy(new TestAuthority("Corporate Inspection"));

        assertEnrolmentFails(controller, true)
                .hasMessageContaining(INSPECTED)
                .hasMessageContaining("exempt the controller's address from TLS inspection");

        assertThat(inspection.connections()).isPositive();
        assertThat(inspection.read()).isEmpty();
        assertThat(controller.enrolledAgents()).isZero();
    }

    @Test
    void theAuthorityOfAProxysOwnCertificateIsNotTrustedInTheControllers() throws Exception {
        TestAuthority corporate = new TestAuthority("Corporate Inspection");
        Inspection inspection = new Inspection(corporate);
        ConnectProxy connect = ConnectProxy.inTls(corporate, inspection);
        opened.addFirst(connect);
        proxy = new ControllerProxy("localhost", connect.port(), null, new ProxyTls(List.of(corporate.root())));

        assertEnrolmentFails(controller, true).hasMessageContaining(INSPECTED);

        assertThat(inspection.connections()).isPositive();
        assertThat(inspection.read()).isEmpty();
    }

    /** That the proxy above would have read what was said. */
    @Test
    void whoHasTheKeyOfThePlatformsAuthorityCouldRead() throws Exception {
        Inspection inspection = inspectedBy(authority);

        assertThatThrownBy(this::enrol).isInstanceOf(RefusedException.class);

        assertThat(new String(inspection.read(), StandardCharsets.ISO_8859_1)).startsWith("PRI * HTTP/2.0");
    }

    @Test
    void aRunningAgentSendsNothingThroughInspectionAndEverythingOnceItIsExempt() throws Exception {
        Agent direct = start();
        Conversation session = connectedWith(anAssignment(1, 1).build());
        controller.ack(false);
        trigger(session, 1, 1, 1_700_000_000L);
        session.await(AgentMessage::hasResultBatch);
        close(direct);
        controller.ack(true);
        int before = controller.conversations().size();

        Inspection inspection = inspectedBy(new TestAuthority("Corporate Inspection"));
        startOn(home.resolve("state"), enrolledCredentials(home.resolve("state")));
        await().atMost(PATIENCE).until(() -> inspection.connections() >= 3);
        assertThat(inspection.read()).isEmpty();
        assertThat(controller.conversations()).hasSize(before);
        assertThat(controller.renewals()).isZero();
        assertThat(sentence()).contains(INSPECTED);

        inspection.exempt();
        awaitRows(1);
        assertThat(inspection.read()).isEmpty();
    }

    @Test
    void aControllerOfAnotherPlatformIsToldFromInspection() throws Exception {
        TestAuthority other = new TestAuthority("Postwatch platform");
        try (ScriptedController foreign = new ScriptedController(other, authority, 0)) {
            assertEnrolmentFails(foreign, true)
                    .hasMessageContaining("a controller of another Postwatch platform answers")
                    .hasMessageNotContaining("inspect");
            assertThat(foreign.enrolledAgents()).isZero();

            enrol();
            assertThat(sentenceOf(foreign)).contains("a controller of another Postwatch platform answers");
            assertThat(foreign.mostConnections()).isZero();
        }
    }

    @Test
    void aControllersCertificateThatIsOverIsToldFromBoth() throws Exception {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        Shown over = new Shown("postwatch-controller", yesterday.minus(Duration.ofDays(7)), yesterday);
        try (ScriptedController expired = new ScriptedController(authority, authority, LOCAL, over)) {
            assertEnrolmentFails(expired, false)
                    .hasMessageContaining("its certificate was good until " + seconds(yesterday));
            assertThat(identity(home.resolve("state")).credentials()).isEmpty();

            enrol();
            assertThat(sentenceOf(expired)).contains("its certificate was good until " + seconds(yesterday));
            assertThat(expired.mostConnections()).isOne();
        }
    }

    @Test
    void aCertificateOfThePlatformThatIsNoControllersIsRefused() throws Exception {
        Shown another = new Shown(
                "agent-7", Instant.now().minusSeconds(60), Instant.now().plusSeconds(600));
        try (ScriptedController impostor = new ScriptedController(authority, authority, LOCAL, another)) {
            assertEnrolmentFails(impostor, true).hasMessageContaining("the platform's, but not one of a controller");
            assertThat(impostor.enrolledAgents()).isZero();
        }
    }

    private Inspection inspectedBy(TestAuthority by) throws IOException, GeneralSecurityException {
        Inspection inspection = new Inspection(by);
        ConnectProxy connect = new ConnectProxy(InetAddress.ofLiteral("127.0.0.1"), inspection);
        opened.addFirst(connect);
        proxy = connect.address();
        return inspection;
    }

    private AbstractThrowableAssert<?, ?> assertEnrolmentFails(ScriptedController at, boolean forGood) {
        return assertThatThrownBy(() -> enrolment().enrol(at.address(), at.token(), "host-a"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isEqualTo(forGood));
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    /** What the log says of a session. */
    private String sentence() throws IOException {
        return sentenceOf(controller);
    }

    private String sentenceOf(ScriptedController at) throws IOException {
        Credentials credentials = enrolledCredentials(home.resolve("state")).withController(at.address());
        GatewayChannels channels = new GatewayChannels(proxy);
        try (GatewayChannel channel = channels.forSession(credentials, SystemClocks.wall())) {
            channel.calls().issueChallenge(IssueChallengeRequest.getDefaultInstance());
            throw new AssertionError("an answer was trusted");
        } catch (StatusRuntimeException refused) {
            return channels.reason(refused.getStatus());
        }
    }
}
