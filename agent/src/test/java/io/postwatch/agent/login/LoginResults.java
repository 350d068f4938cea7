package io.postwatch.agent.login;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.time.PhaseTiming;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results of runs for tests. */
public final class LoginResults {

    private LoginResults() {}

    /** A run that went through these phases and, where a code is given, failed in the last of them. */
    public static ProbeResult run(@Nullable FailureCode code, Phase... phases) {
        List<PhaseTiming> timings = Arrays.stream(phases)
                .map(phase -> new PhaseTiming(phase, Duration.ZERO, Duration.ofMillis(1)))
                .toList();
        return new ProbeResult(
                code == null ? Status.OK : Status.ERROR,
                code == null ? null : new Failure(code, phases[phases.length - 1], "It failed.", ""),
                Duration.ofMillis(5),
                timings,
                null,
                null,
                null,
                "",
                List.of(),
                null,
                Transcript.EMPTY);
    }
}
