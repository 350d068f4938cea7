package io.postwatch.controller.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.gateway.gate.CallLimits.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DecisionPlacesTest {
    private final DecisionPlaces places = new DecisionPlaces(4, 2, Duration.ZERO);

    @Test
    void enrolmentsLeavePlacesToRenewals() {
        assertThat(places.enter(Kind.ENROLMENT)).isTrue();
        assertThat(places.enter(Kind.ENROLMENT)).isTrue();
        assertThat(places.enter(Kind.ENROLMENT)).isFalse();
        assertThat(places.enter(Kind.RENEWAL)).isTrue();
        assertThat(places.enter(Kind.RENEWAL)).isTrue();
        assertThat(places.enter(Kind.RENEWAL)).isFalse();

        places.leave(Kind.ENROLMENT);
        assertThat(places.enter(Kind.ENROLMENT)).isTrue();
    }

    @Test
    void whoFindsNoPlaceKeepsNone() {
        for (int n = 0; n < 4; n++) {
            assertThat(places.enter(Kind.RENEWAL)).isTrue();
        }
        for (int n = 0; n < 3; n++) {
            assertThat(places.enter(Kind.ENROLMENT)).isFalse();
        }
        places.leave(Kind.RENEWAL);
        places.leave(Kind.RENEWAL);

        assertThat(places.enter(Kind.ENROLMENT)).isTrue();
        assertThat(places.enter(Kind.ENROLMENT)).isTrue();
    }
}
