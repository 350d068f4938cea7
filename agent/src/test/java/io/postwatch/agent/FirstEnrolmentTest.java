package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FirstEnrolmentTest {

    private static final ControllerAddress CONTROLLER = new ControllerAddress("controller.example.org", 9443);
    private static final EnrolmentToken TOKEN = EnrolmentToken.of(new byte[24], new byte[32]);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4));

    private final List<Duration> pauses = new ArrayList<>();
    private int attempts;

    @Test
    void anAgentThatStartsTriesUntilAControllerAnswers() {
        assertThatThrownBy(() -> enrolment(CONTROLLER).enrolOnceAnswered(TOKEN, BACKOFF, new FullDraw(), pauses::add))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isTrue());
        assertThat(attempts).isEqualTo(5);
        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(4));
    }

    @Test
    void aPersonHearsOfTheFirstFailure() {
        assertThatThrownBy(() -> enrolment(CONTROLLER).enrol(TOKEN))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isFalse());
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void withoutAnAddressNobodyIsCalled() {
        assertThatThrownBy(() -> enrolment(null).enrolOnceAnswered(TOKEN, BACKOFF, new FullDraw(), pauses::add))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--controller");
        assertThat(attempts).isZero();
    }

    @Test
    void anInterruptionEndsTheWait() {
        assertThatThrownBy(() -> enrolment(CONTROLLER).enrolOnceAnswered(TOKEN, BACKOFF, new FullDraw(), time -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(attempts).isEqualTo(1);
    }

    private FirstEnrolment enrolment(@Nullable ControllerAddress controller) {
        return new FirstEnrolment(this::answer, controller, "host-a");
    }

    /** Can't be reached four times, then refuses for good. */
    private Credentials answer(ControllerAddress controller, EnrolmentToken token, String name)
            throws RefusedException {
        attempts++;
        throw new RefusedException("no", attempts > 4, new IOException("no"));
    }

    /** Draws the longest wait. */
    private static final class FullDraw implements RandomGenerator {

        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public double nextDouble() {
            return 1;
        }
    }
}
