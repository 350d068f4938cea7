package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Agents that a person lets in, and agents that are not needed any more. */
class AgentApprovalTest extends AgentTestCase {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2));

    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void anAgentAsksUntilItIsApprovedAlsoAfterItWasStartedAnew() throws Exception {
        controller.askForApproval(true);
        assertThatThrownBy(this::enrol)
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.isForGood()).isFalse();
                    assertThat(refused.askAgain()).contains(Duration.ofSeconds(1));
                })
                .hasMessageContaining(identity(home.resolve("state")).keys().fingerprint());

        Credentials approved = new FirstEnrolment(enrolment()::enrol, controller.address(), "host-a")
                .enrolOnceAnswered(controller.token(), BACKOFF, new Random(1), this::approveAfterThree);

        assertThat(pauses).hasSize(3).containsOnly(Duration.ofSeconds(1));
        assertThat(controller.enrolledAgents()).isEqualTo(1);
        assertThat(enrolledCredentials(home.resolve("state"))).isEqualTo(approved);
        assertThat(approved.generation()).isPositive();
    }

    @Test
    void aPersonWhoEnrolsAHostIsKeptWaitingForApprovalAndForNothingElse() throws Exception {
        controller.askForApproval(true);

        FirstEnrolment first = new FirstEnrolment(enrolment()::enrol, controller.address(), "host-a");
        first.enrolOnceApproved(controller.token(), BACKOFF, new Random(1), this::approveAfterThree);

        assertThat(pauses).hasSize(3);
        controller.close();
        assertThatThrownBy(() ->
                        first.enrolOnceApproved(controller.token(), BACKOFF, new Random(1), this::approveAfterThree))
                .isInstanceOf(RefusedException.class);
        assertThat(pauses).as("nobody answers").hasSize(3);
    }

    @Test
    void anAgentWhoseKeyIsNotTheOneThatIsShownDoesNotWait() {
        controller.askForApproval(true);
        controller.show("0000-0000-0000-0000-0000-0000-0000-0000");

        assertThatThrownBy(this::enrol)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isTrue())
                .hasMessageContaining("another key than this agent's");
    }

    @Test
    void anAgentWhosePlaceAnotherHostHasTakenAsksNoMore() throws Exception {
        Agent agent = start();
        Conversation session = controller.session(1);

        session.say(ControllerMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder()
                        .setReason(GoodbyeReason.GOODBYE_REASON_REPLACED)
                        .setMessage("Another host has taken the place of this agent"))
                .build());

        RefusedException why = agent.dismissal().get(20, TimeUnit.SECONDS);
        assertThat(why).hasMessageContaining("taken the place of this agent");
        assertThat(why.isForGood()).isTrue();
        assertThat(controller.conversations()).hasSize(1);
    }

    private void approveAfterThree(Duration time) {
        pauses.add(time);
        controller.askForApproval(pauses.size() < 3);
    }
}
