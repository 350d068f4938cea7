package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.TICKER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When an answer counts as slow. The clocks of these runs move with what the server hears, so that load changes nothing. */
@Timeout(20)
class SlowRunTest {

    private static final Duration TAKEN = Duration.ofMillis(400);

    @ParameterizedTest
    @EnumSource
    void aRunIsSlowFromTheThresholdOn(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().start()) {
            assertThat(run(protocol, server, TAKEN, TAKEN.plusNanos(1)))
                    .warnsOf(FailureCode.SLOW, null)
                    .spentInPhase(Phase.CAPABILITY, TAKEN);
        }
        try (TestServer server = protocol.script().start()) {
            assertThat(run(protocol, server, TAKEN.dividedBy(2), TAKEN)).failsWith(FailureCode.SLOW, null);
        }
        try (TestServer server = protocol.script().start()) {
            assertThat(run(protocol, server, TAKEN.plusNanos(1), TAKEN.plusNanos(2)))
                    .isOk();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsShortTimesInMilliseconds(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().start()) {
            assertThat(run(protocol, server, TAKEN.minusMillis(4), Duration.ofHours(1)))
                    .says("The run took 400 ms, the threshold is 396 ms.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsASlowServer(MailProtocol protocol) throws IOException {
        try (TestServer server =
                protocol.script().delayed(protocol.capabilityCommand(), TAKEN).start()) {
            assertThat(aRun().of(protocol, server)
                            .slowFrom(TAKEN.dividedBy(4), Duration.ofHours(1))
                            .run())
                    .warnsOf(FailureCode.SLOW, null)
                    .spentInPhase(Phase.CAPABILITY, TAKEN.minusMillis(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotJudgeHowLongTheGoodByeTakes(MailProtocol protocol) throws IOException {
        AtomicLong goodbye = new AtomicLong();
        try (TestServer server =
                protocol.script().onCommand(protocol.goodbye(), Reply.silence()).start()) {
            // Stands still until the server has heard the good-bye, and runs from there.
            NanoTicker ticker = () -> {
                if (server.received().stream().noneMatch(line -> line.endsWith(protocol.goodbye()))) {
                    return 0;
                }
                goodbye.compareAndSet(0, TICKER.nanos());
                return TICKER.nanos() - goodbye.get();
            };
            assertThat(aRun().of(protocol, server)
                            .timedBy(ticker)
                            .slowFrom(Duration.ofNanos(1), Duration.ofNanos(2))
                            .run())
                    .isOk()
                    .spentInPhase(Phase.QUIT, Duration.ofMillis(1900));
        }
    }

    /** A run that takes exactly {@link #TAKEN}: the time passes when the server hears its first command. */
    private static ProbeResult run(MailProtocol protocol, TestServer server, Duration warning, Duration error) {
        return aRun().of(protocol, server)
                .timedBy(() -> server.received().isEmpty() ? 0 : TAKEN.toNanos())
                .slowFrom(warning, error)
                .run();
    }
}
