package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.ProbeResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host that no router finds. Loopback has no such host, so a second JVM probes in a network of its own, which Linux gives
 * to whoever may make user namespaces.
 */
@Timeout(60)
class UnreachableHostTest {

    private static final String HOST = "10.99.99.99";

    @Test
    void isToldFromANetworkWithoutARoute() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                inItsOwnNetwork("true").exit() == 0, "this machine gives nobody a network of its own (unshare, ip)");

        Ended probed = inItsOwnNetwork(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UnreachableHostTest.class.getName());

        assertThat(probed.said())
                .as("exit %s", probed.exit())
                .contains("HOST_UNREACHABLE CONNECT [HOST_UNREACHABLE]"
                        + " The network says that 10.99.99.99 port 25 can't be reached.");
    }

    private record Ended(int exit, String said) {}

    private static Ended inItsOwnNetwork(String... command) throws IOException, InterruptedException {
        Stream<String> network = Stream.of(
                "unshare",
                "--net",
                "--map-root-user",
                "sh",
                "-c",
                "ip link set lo up && ip route add unreachable " + HOST + " && exec \"$0\" \"$@\"");
        try {
            Process process = new ProcessBuilder(
                            Stream.concat(network, Stream.of(command)).toList())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said);
        } catch (IOException notInstalled) {
            return new Ended(127, String.valueOf(notInstalled.getMessage()));
        }
    }

    /** The second JVM: one run, told in a line. */
    static void main() {
        ProbeResult result = aRun().against(HOST).port(25).run();
        List<ConnectAttempt> attempts = Objects.requireNonNull(result.network()).attempts();
        System.out.println(Objects.requireNonNull(result.failure()).code() + " "
                + result.failure().phase() + " "
                + attempts.stream().map(ConnectAttempt::failure).toList() + " "
                + result.failure().message());
    }
}
