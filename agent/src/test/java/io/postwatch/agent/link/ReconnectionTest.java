package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReconnectionTest {

    private static final SessionEnd GIVEN_UP = new SessionEnd.GivenUp("nothing was heard");

    static Stream<SessionEnd> endsWithoutFailure() {
        return Stream.of(new SessionEnd.Stopped(), new SessionEnd.Drained(), new SessionEnd.Outdated("the spool"));
    }

    @ParameterizedTest
    @MethodSource("endsWithoutFailure")
    void anEndThatIsNoFailureIsNotWaitedAfter(SessionEnd end) {
        Reconnection next = after(end, Duration.ZERO, 7, 1);

        assertThat(next).isEqualTo(new Reconnection(0, Duration.ZERO, false));
    }

    @Test
    void failuresInARowWaitLongerAndLonger() {
        assertThat(after(GIVEN_UP, Duration.ZERO, 0, 1).pause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(after(GIVEN_UP, Duration.ZERO, 3, 1).pause()).isEqualTo(Duration.ofSeconds(8));
        assertThat(after(GIVEN_UP, Duration.ZERO, 9, 1).pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(after(GIVEN_UP, Duration.ZERO, 3, 1).failures()).isEqualTo(4);
    }

    @Test
    void aSessionThatStoodEndsARowOfFailures() {
        Reconnection next = after(GIVEN_UP, Reconnection.STABLE, 9, 1);

        assertThat(next).isEqualTo(new Reconnection(1, Duration.ofSeconds(1), false));
    }

    @Test
    void aFailureIsNeverTriedAgainInTheSameMoment() {
        assertThat(after(GIVEN_UP, Duration.ZERO, 0, 0).pause()).isPositive();
    }

    @Test
    void aStreamThatEndsInGoodOrderIsWaitedAfterLikeAnyFailure() {
        SessionEnd clean = new SessionEnd.Broken(Status.OK);

        assertThat(after(clean, Duration.ZERO, 0, 0).pause()).isPositive();
        assertThat(after(clean, Duration.ZERO, 3, 1)).isEqualTo(new Reconnection(4, Duration.ofSeconds(8), false));
    }

    @Test
    void whereTooManyCameTheyComeAgainSpreadOverTheLongestPause() {
        SessionEnd busy = new SessionEnd.Dismissed(GoodbyeReason.GOODBYE_REASON_BUSY, "");

        assertThat(after(busy, Duration.ZERO, 0, 0.5)).isEqualTo(new Reconnection(1, Duration.ofSeconds(15), false));
    }

    @ParameterizedTest
    @EnumSource(
            value = GoodbyeReason.class,
            names = {"GOODBYE_REASON_SUPERSEDED", "GOODBYE_REASON_REVOKED", "GOODBYE_REASON_UNSUITABLE"})
    void whoIsUnwelcomeDoesNotHurry(GoodbyeReason reason) {
        assertThat(after(new SessionEnd.Dismissed(reason, ""), Duration.ofHours(1), 0, 0)
                        .pause())
                .isEqualTo(Reconnection.UNWELCOME);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new SessionEnd.Dismissed(GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED, ""), true),
                Arguments.of(new SessionEnd.Dismissed(GoodbyeReason.GOODBYE_REASON_STOPPING, ""), false),
                Arguments.of(new SessionEnd.Dismissed(GoodbyeReason.GOODBYE_REASON_UNSUITABLE, ""), false),
                Arguments.of(new SessionEnd.Broken(Status.UNAUTHENTICATED), true),
                Arguments.of(new SessionEnd.Broken(Status.PERMISSION_DENIED), true),
                Arguments.of(
                        new SessionEnd.Broken(
                                Status.UNAVAILABLE.withCause(new javax.net.ssl.SSLHandshakeException("expired"))),
                        true),
                Arguments.of(new SessionEnd.Broken(Status.UNAVAILABLE), false),
                Arguments.of(new SessionEnd.Broken(Status.OK), false),
                Arguments.of(GIVEN_UP, false));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatTellsOfTheIdentityAsksForAnotherCertificate(SessionEnd end, boolean renewal) {
        assertThat(after(end, Duration.ZERO, 0, 0.5).renewal()).isEqualTo(renewal);
    }

    private static Reconnection after(SessionEnd end, Duration stood, int failures, double draw) {
        return Reconnection.after(end, stood, failures, Backoff.DEFAULT, draw);
    }
}
