package io.postwatch.controller.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.AgentId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdmissionGateTest {
    /** A monotonic clock that is about to wrap. */
    private final long start = Long.parseLong("9223372036854774807");

    private static final AgentId AGENT = new AgentId(new UUID(0, 1));
    private static final AgentId ANOTHER = new AgentId(new UUID(0, 2));

    private static final AdmissionGate.Answers<String> ANSWERS =
            new AdmissionGate.Answers<>("busy", "gone", "away", AdmissionGateTest::told);

    private final AtomicLong nanos = new AtomicLong(start);
    private final AdmissionGate gate = new AdmissionGate(100, 1, Duration.ofSeconds(2), nanos::get);

    @Test
    void anIdleGateIsPassedAtOnceAndTurnsAreEvenlyApart() {
        assertThat(turn(start)).isZero();
        assertThat(turn(start)).isEqualTo(10_000_000);
        assertThat(turn(start + 5_000_000)).isEqualTo(15_000_000);
        assertThat(turn(start + 60_000_000_000L)).isZero();
        assertThat(turn(start + 60_000_000_000L)).isEqualTo(10_000_000);
    }

    @Test
    void oneThatComesTooLateTakesNobodysTurn() {
        for (int i = 0; i <= 200; i++) {
            assertThat(turn(start)).isEqualTo(i * 10_000_000L);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(turn(start)).isEqualTo(2_010_000_000L);
        }
        assertThat(turn(start + 10_000_000)).isEqualTo(2_000_000_000L);
    }

    /** Otherwise one agent alone could make the line so long that all others are sent away. */
    @Test
    void whoComesAndGoesAgainAndAgainHoldsUpNobody() throws InterruptedException {
        AdmissionGate one = new AdmissionGate(1, 1, Duration.ofHours(1), nanos::get);
        long anHour = Duration.ofHours(1).toNanos();
        for (int i = 0; i < 60; i++) {
            one.takeTurn(start, anHour);
        }
        for (int i = 0; i < 5; i++) {
            assertThatTheEndIsHeard(one, AGENT);
        }
        assertThat(one.takeTurn(start, anHour)).isEqualTo(Duration.ofSeconds(60).toNanos());
    }

    @Test
    void aTurnWithOthersBehindItIsNotGivenTwice() {
        turn(start);
        assertThat(turn(start)).isEqualTo(10_000_000);
        assertThat(turn(start)).isEqualTo(20_000_000);
        gate.giveBack(start + 10_000_000);
        assertThat(turn(start)).isEqualTo(30_000_000);
    }

    @Test
    void tooManyAreBusyAndTheOthersPass() {
        for (int i = 0; i <= 200; i++) {
            turn(start);
        }
        assertThat(pass(gate, AGENT, () -> "in", "busy")).isEqualTo("busy");
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(pass(gate, AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneThatFindsNoPlaceIsBusyAndAPlaceIsGivenBack() throws InterruptedException {
        AdmissionGate impatient = new AdmissionGate(1_000, 1, Duration.ofMillis(50), nanos::get);
        Lasting lasting = new Lasting("first");
        Thread first = Thread.ofVirtual()
                .start(() -> pass(
                        impatient,
                        AGENT,
                        () -> {
                            throw new IllegalStateException("an admission that fails after it was " + lasting.get());
                        },
                        "busy"));
        lasting.begun.await();
        assertThat(pass(impatient, ANOTHER, () -> "in", "busy")).isEqualTo("busy");
        lasting.end.countDown();
        first.join();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(pass(impatient, ANOTHER, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneAgentHasOnePlaceHoweverOftenItComes() throws InterruptedException {
        AdmissionGate two = new AdmissionGate(1_000_000, 2, Duration.ofSeconds(20), nanos::get);
        Lasting lasting = new Lasting("first");
        List<String> answers = new CopyOnWriteArrayList<>();
        Thread first = Thread.ofVirtual().start(() -> answers.add(pass(two, AGENT, lasting, "busy")));
        lasting.begun.await();
        Thread second = Thread.ofVirtual().start(() -> answers.add(pass(two, AGENT, () -> "second", "overtaken")));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> second.getState() == Thread.State.TIMED_WAITING);

        assertThat(pass(two, ANOTHER, () -> "in", "busy")).isEqualTo("in");
        Thread third = Thread.ofVirtual().start(() -> answers.add(pass(two, AGENT, () -> "third", "overtaken")));
        second.join();
        assertThat(answers).containsExactly("overtaken");
        lasting.end.countDown();
        first.join();
        third.join();
        assertThat(answers).containsExactlyInAnyOrder("overtaken", "first", "third");
        assertThat(pass(two, AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneThatWaitsForItsOwnHelloTooLongIsBusyAndLeavesNothingBehind() throws InterruptedException {
        AdmissionGate impatient = new AdmissionGate(1_000_000, 2, Duration.ofMillis(20), nanos::get);
        Lasting lasting = new Lasting("first");
        Thread first = Thread.ofVirtual().start(() -> pass(impatient, AGENT, lasting, "busy"));
        lasting.begun.await();
        assertThat(pass(impatient, AGENT, () -> "in", "busy")).isEqualTo("busy");
        lasting.end.countDown();
        first.join();
        assertThat(pass(impatient, AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void whoIsGoneWaitsForNoneOfTheThreeAnyLonger() throws InterruptedException {
        AdmissionGate one = new AdmissionGate(1, 1, Duration.ofHours(1), nanos::get);
        Lasting lasting = new Lasting("first");
        Thread first = Thread.ofVirtual().start(() -> pass(one, AGENT, lasting, "busy"));
        lasting.begun.await();

        assertThatTheEndIsHeard(one, AGENT);
        // Time stands still: the next turn is a second away.
        assertThatTheEndIsHeard(one, ANOTHER);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThatTheEndIsHeard(one, ANOTHER);

        lasting.end.countDown();
        first.join();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(pass(one, AGENT, () -> "in", "busy"))
                .as("not behind its own corpse")
                .isEqualTo("in");
    }

    private static void assertThatTheEndIsHeard(AdmissionGate gate, AgentId agent) throws InterruptedException {
        SessionEnd end = new SessionEnd(() -> false);
        AtomicReference<String> answer = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> answer.set(gate.pass(agent, end, () -> "in", ANSWERS)));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        end.come();
        waiting.join();
        assertThat(answer).hasValue("gone");
    }

    @Test
    void nobodyWaitsForADatabaseThatIsAway() throws InterruptedException {
        AdmissionGate two = new AdmissionGate(1, 2, Duration.ofHours(1), nanos::get);
        assertThat(pass(two, ANOTHER, () -> "failed", "busy")).isEqualTo("failed");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        Lasting lasting = new Lasting("failed");
        List<String> answers = new CopyOnWriteArrayList<>();
        Thread first = Thread.ofVirtual().start(() -> pass(two, AGENT, lasting, "busy"));
        lasting.begun.await();
        Thread behindItself = Thread.ofVirtual().start(() -> answers.add(pass(two, AGENT, () -> "in", "busy")));
        Thread forItsTurn = Thread.ofVirtual().start(() -> answers.add(pass(two, ANOTHER, () -> "in", "busy")));
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> behindItself.getState() == Thread.State.TIMED_WAITING
                        && forItsTurn.getState() == Thread.State.TIMED_WAITING);

        lasting.end.countDown();
        first.join();
        behindItself.join();
        forItsTurn.join();

        assertThat(answers).containsExactly("away", "away");
        assertThat(two.takeTurn(nanos.get(), Long.MAX_VALUE))
                .as("no turn is kept for who was released")
                .isZero();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(pass(two, AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void aFailureBetweenAnswersReleasesNobody() throws InterruptedException {
        AdmissionGate two = new AdmissionGate(1, 2, Duration.ofHours(1), nanos::get);
        List<String> answers = new CopyOnWriteArrayList<>();
        for (String outcome : List.of("failed", "in", "failed", "unasked")) {
            assertThat(pass(two, AGENT, () -> outcome, "busy")).isEqualTo(outcome);
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }
        pass(two, AGENT, () -> "in", "busy");
        SessionEnd end = new SessionEnd(() -> false);
        Thread waiting = Thread.ofVirtual().start(() -> answers.add(two.pass(ANOTHER, end, () -> "in", ANSWERS)));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(pass(two, AGENT, () -> "failed", "busy")).isEqualTo("failed");
        end.come();
        waiting.join();
        assertThat(answers).as("still waiting when its session ended").containsExactly("gone");
    }

    private static String pass(AdmissionGate gate, AgentId agent, Supplier<String> admission, String busy) {
        return gate.pass(
                agent,
                new SessionEnd(() -> false),
                admission,
                new AdmissionGate.Answers<>(busy, "gone", "away", AdmissionGateTest::told));
    }

    private static AdmissionGate.Database told(String answer) {
        return switch (answer) {
            case "failed" -> AdmissionGate.Database.AWAY;
            case "unasked" -> AdmissionGate.Database.NOT_ASKED;
            default -> AdmissionGate.Database.ANSWERED;
        };
    }

    private long turn(long now) {
        return gate.takeTurn(now, Duration.ofSeconds(2).toNanos());
    }

    /** An admission that goes on until it is let end. */
    private static final class Lasting implements Supplier<String> {
        private final String answer;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        Lasting(String answer) {
            this.answer = answer;
        }

        @Override
        public String get() {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException nobodyDoesThis) {
                Thread.currentThread().interrupt();
            }
            return answer;
        }
    }
}
