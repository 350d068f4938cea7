package io.postwatch.controller.assignment.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.assignment.login.LoginTrust.Refused;
import io.postwatch.controller.assignment.login.LoginTrust.Suspended;
import io.postwatch.controller.assignment.login.LoginTrust.Trusted;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LoginTrustTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOON.plus(Duration.ofHours(1));
    private static final Instant EARLIER = NOON.minus(Duration.ofHours(1));

    /** From, refused or accepted, when, to. */
    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of(new Trusted(), true, NOON, new Refused(1, NOON)),
                Arguments.of(new Trusted(), false, NOON, new Trusted()),
                Arguments.of(new Refused(1, NOON), true, LATER, new Refused(2, LATER)),
                Arguments.of(new Refused(1, NOON), false, LATER, new Trusted()),
                Arguments.of(new Refused(1, NOON), true, NOON, new Refused(1, NOON)),
                Arguments.of(new Refused(1, NOON), true, EARLIER, new Refused(1, NOON)),
                Arguments.of(new Refused(1, NOON), false, EARLIER, new Refused(1, NOON)),
                Arguments.of(new Refused(2, NOON), true, LATER, new Suspended(LATER)),
                Arguments.of(new Refused(2, NOON), false, LATER, new Trusted()),
                Arguments.of(new Refused(2, NOON), true, NOON, new Refused(2, NOON)),
                Arguments.of(new Suspended(NOON), true, LATER, new Suspended(NOON)),
                Arguments.of(new Suspended(NOON), false, LATER, new Suspended(NOON)));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void eachOutcomeLeadsWhereItShould(LoginTrust from, boolean refused, Instant at, LoginTrust to) {
        assertThat(from.after(refused, at)).isEqualTo(to);
    }

    @Test
    void aRefusedCredentialIsLeftAloneForAnHour() {
        assertThat(new Refused(1, NOON).until()).isEqualTo(LATER);
    }

    @Test
    void refusalsThatSuspendAreNoMereRefusals() {
        assertThatThrownBy(() -> new Refused(3, NOON)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Refused(0, NOON)).isInstanceOf(IllegalArgumentException.class);
    }
}
