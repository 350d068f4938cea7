package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.link.mapping.AssignmentMapping;
import io.postwatch.agent.link.mapping.CheckMapping;
import io.postwatch.agent.link.mapping.ResultMapping;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.schedule.ControllerClock;
import io.postwatch.agent.schedule.TestId;
import io.postwatch.agent.schedule.TestRuns;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.TestOutcome;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The monitor tests that a session was told to run. Called by the link's thread; the outcomes come on the threads of the
 * tests.
 */
final class TestDesk {

    private static final int ID_BYTES = 16;
    private static final int MAX_REASON = 500;

    private final TestRuns tests;
    private final ControllerClock clock;
    private final RandomGenerator random;
    private final Consumer<TestOutcome> outcomes;

    TestDesk(TestRuns tests, ControllerClock clock, RandomGenerator random, Consumer<TestOutcome> outcomes) {
        this.tests = tests;
        this.clock = clock;
        this.random = random;
        this.outcomes = outcomes;
    }

    /**
     * Begins a test; one that can't be run has its outcome at once.
     *
     * @return false where it has no id that an outcome could name
     */
    boolean begin(RunTest wire) {
        Optional<TestId> test = id(wire.getTestId());
        if (test.isEmpty()) {
            return false;
        }
        try {
            Check check = CheckMapping.check(wire.getCheck());
            SealedSecret secret = AssignmentMapping.testSecret(wire);
            tests.begin(test.get(), check, secret, this::ended);
        } catch (AssignmentMapping.UnusableException | IllegalArgumentException | ArithmeticException unusable) {
            String reason = ServerText.clean(String.valueOf(unusable.getMessage()), MAX_REASON);
            ended(
                    test.get(),
                    clock.instant(),
                    ProbeResult.notRun(FailureCode.INTERNAL_ERROR, "The agent can't run this test: " + reason));
        }
        return true;
    }

    void cancel(ByteString testId) {
        id(testId).ifPresent(tests::cancel);
    }

    private void ended(TestId test, Instant startedAt, ProbeResult result) {
        UUID runId = new UUID(random.nextLong(), random.nextLong());
        outcomes.accept(ResultMapping.test(test, runId, startedAt, result));
    }

    private static Optional<TestId> id(ByteString bytes) {
        return bytes.size() == ID_BYTES ? Optional.of(new TestId(WireValues.uuid(bytes))) : Optional.empty();
    }
}
