package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.link.ScriptedController.Shown;
import io.postwatch.agent.link.channel.ConnectProxy;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.RunResult;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent on a host whose clock is far off: nothing of what it does depends on it. */
class AgentWrongClockTest extends AgentTestCase {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NEAR = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(strings = {"-P1D", "P1D", "-P21170D", "P4900D"})
    void itEnrolsRenewsAndReportsInTheControllersTime(Duration off) throws Exception {
        wall = () -> Instant.now().plus(off);
        // Half of 20 s, give or take a tenth, is 8 to 12 s; 7 s of them have passed already.
        controller.issueCertificates(Instant.now().minusSeconds(7), Duration.ofSeconds(20));
        Credentials first = enrol();
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));
        Agent agent = startOn(home.resolve("state"), first);
        connectedWith(everyTenSeconds());

        await().atMost(PATIENCE).until(() -> !controller.rows().isEmpty());
        RunResult scheduled = controller.rows().getFirst().record().getResult();
        assertThat(Duration.between(WireValues.instant(scheduled.getScheduledAt()), Instant.now()))
                .isBetween(Duration.ZERO, NEAR);
        assertThat(Duration.between(WireValues.instant(scheduled.getStartedAt()), Instant.now()))
                .isBetween(Duration.ZERO, NEAR);
        assertThat(scheduled.getClockSuspect()).isFalse();
        await().atMost(PATIENCE).until(() -> controller.renewals() > 0);
        await().atMost(PATIENCE)
                .until(() -> !enrolledCredentials(home.resolve("state")).key().equals(first.key()));
        close(agent);
    }

    /** The certificate of such a controller is over by this host's clock, and not by the platform's. */
    @Test
    void aClockThatIsAheadIsOverruledByWhatThePlatformsAuthorityIssued() throws Exception {
        wall = () -> Instant.now().plus(Duration.ofDays(4900));
        startOn(home.resolve("state"), enrol());
        assertThat(controller.session(1)).isNotNull();
        assertThat(controller.renewals()).isOne();
    }

    /** The certificate is over by all that the platform has said, whatever this host's clock shows. */
    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "-P21170D", "P4900D"})
    void aCertificateThatIsReallyOverIsNotTrustedByAnyClock(Duration off) throws Exception {
        Credentials credentials = enrol();
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        Shown over = new Shown("postwatch-controller", yesterday.minus(Duration.ofDays(7)), yesterday);
        try (ScriptedController expired = new ScriptedController(authority, authority, LOCAL, over)) {
            expired.knowAgentsOf(controller);
            wall = () -> Instant.now().plus(off);
            ConnectProxy counting = new ConnectProxy();
            opened.add(counting);
            proxy = counting.address();
            Agent agent = startOn(home.resolve("state"), credentials.withController(expired.address()));
            await().atMost(PATIENCE).until(() -> counting.targets().size() >= 3);
            assertThat(expired.conversations()).isEmpty();
            assertThat(expired.renewals()).isZero();
            close(agent);
        }
    }

    /** The first of them in two seconds. */
    private static Assignment everyTenSeconds() {
        return anAssignment(1, 1)
                .setPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(10))
                .setAnchor(com.google.protobuf.Duration.newBuilder()
                        .setSeconds((Instant.now().getEpochSecond() + 2) % 10))
                .build();
    }
}
