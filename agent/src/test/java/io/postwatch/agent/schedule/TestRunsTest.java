package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.aCheck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.time.Deadline;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TestRunsTest extends ScheduleTestCase {

    @Test
    void aTestWithALoginButWithoutItsCredentialsIsNoRunWithoutLogin() {
        TestRuns tests = new TestRuns(checks, clock, nanos::get, ScheduleLimits.DEFAULT);
        ConcurrentLinkedQueue<ProbeResult> told = new ConcurrentLinkedQueue<>();
        Check plain = aCheck();
        Check check = new Check(
                plain.options(),
                plain.target(),
                new LoginPlan(null, false),
                plain.thresholds(),
                plain.certificatePolicy(),
                plain.expectations(),
                plain.stopAfter(),
                plain.timeout());
        tests.begin(new TestId(new UUID(1, 1)), check, null, (test, startedAt, result) -> told.add(result));
        await().until(() -> !told.isEmpty());
        assertThat(told.peek().status()).isEqualTo(Status.NO_DATA);
    }

    @Test
    void aTestRunsBesideEverythingAndACancelledOneIsSilent() {
        TestRuns tests = new TestRuns(checks, clock, nanos::get, ScheduleLimits.DEFAULT);
        ConcurrentLinkedQueue<TestId> told = new ConcurrentLinkedQueue<>();
        TestId first = new TestId(new UUID(1, 1));
        tests.begin(first, aCheck(), null, (test, startedAt, result) -> told.add(test));
        await().until(() -> told.contains(first));

        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch registered = new CountDownLatch(1);
        probe.set(new Probe() {
            @Override
            public ProbeResult run(ProbeRequest request, Deadline deadline) {
                deadline.register(cancelled::countDown);
                registered.countDown();
                try {
                    cancelled.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                return ok();
            }
        });
        TestId second = new TestId(new UUID(2, 2));
        tests.begin(second, aCheck(), null, (test, startedAt, result) -> told.add(test));
        await().until(() -> registered.getCount() == 0);
        tests.cancel(second);
        await().until(() -> cancelled.getCount() == 0);
        assertThat(told).containsExactly(first);
    }
}
