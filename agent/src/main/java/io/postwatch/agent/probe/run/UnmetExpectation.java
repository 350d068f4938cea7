package io.postwatch.agent.probe.run;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.TlsFindings;
import io.postwatch.agent.probe.TlsVersion;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.time.Phase;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a server said what a monitor expects of it beyond the protocol. Pure. */
final class UnmetExpectation {

    private UnmetExpectation() {}

    /** The first expectation that a finished dialogue did not meet, with what was found instead; null: all are met. */
    static @Nullable Failure of(Expectations expectations, RunRecorder recorder) {
        String part = expectations.greetingContains();
        if (part != null && recorder.greetingLines().stream().noneMatch(line -> contains(line, part))) {
            return unmet(
                    Phase.GREETING,
                    "The greeting does not contain '" + part + "'.",
                    String.join(" / ", recorder.greetingLines()));
        }
        TlsVersion minimum = expectations.minimumTls();
        TlsFindings agreed = recorder.tls();
        if (minimum != null && agreed != null && !minimum.isMetBy(agreed)) {
            return unmet(
                    Phase.TLS,
                    "The server agreed on " + agreed.protocol() + ", expected is " + minimum.protocol() + " or newer.",
                    "");
        }
        for (String capability : expectations.capabilities()) {
            if (recorder.capabilities().stream().noneMatch(line -> tells(line, capability))) {
                return unmet(
                        Phase.CAPABILITY,
                        "The server does not offer '" + capability + "'.",
                        String.join(" / ", recorder.capabilities()));
            }
        }
        return null;
    }

    private static Failure unmet(Phase phase, String message, String found) {
        return new Failure(
                FailureCode.EXPECTATION_NOT_MET,
                phase,
                ServerText.clean(message, Failure.MAX_MESSAGE),
                ServerText.clean(found, ServerText.MAX_REPLY));
    }

    private static boolean contains(String line, String part) {
        return line.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** Whether that line has the keyword and, among its parameters, those that are expected. */
    private static boolean tells(String line, String capability) {
        List<String> told = words(line);
        List<String> expected = words(capability);
        return told.getFirst().equals(expected.getFirst()) && told.containsAll(expected);
    }

    private static List<String> words(String line) {
        return List.of(line.strip().toLowerCase(Locale.ROOT).split("[ \\t]+"));
    }
}
