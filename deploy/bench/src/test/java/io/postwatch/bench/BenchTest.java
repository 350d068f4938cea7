package io.postwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BenchTest {

    private final StringWriter printed = new StringWriter();

    @Test
    void withoutANameItListsWhatThereIs() {
        assertThat(run()).isZero();
        assertThat(printed.toString()).contains("probe").doesNotContain("probe-engine");
    }

    @Test
    @Timeout(120)
    @EnabledOnOs(OS.LINUX)
    void theProberRunsEveryCaseAgainstTheTestServer() {
        int code = run(
                "probe",
                "--home",
                ".",
                "--servers",
                "stub",
                "--rounds",
                "1",
                "--runs",
                "2",
                "--warm-up",
                "0",
                "--concurrency",
                "2",
                "--jdk-tls");

        assertThat(code).isZero();
        assertThat(printed.toString())
                .contains("smtp-plain", "smtp-starttls", "imaps-login", "(BoringSSL)", "(the JDK's TLS)")
                // Nothing to compare with.
                .doesNotContain("RESULT");
    }

    @Test
    @Timeout(300)
    @EnabledOnOs(OS.LINUX)
    void hostileServersAreProbedBesideGoodOnes() {
        int code = run("hostile", "--servers", "30", "--rounds", "1", "--seconds", "1", "--warm-up", "1");

        assertThat(code).isZero();
        assertThat(printed.toString()).contains("RESULT hostile good_p99_ratio=", "heap_peak_mib=");
    }

    private int run(String... arguments) {
        return Bench.commandLine(new PrintWriter(printed, true)).execute(arguments);
    }
}
