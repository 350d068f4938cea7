package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.LOOPBACK_ALLOWED;
import static io.postwatch.agent.probe.run.ARun.TICKER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hosts that no router finds, and addresses without a route. Loopback has neither, so a second JVM probes in a network of
 * its own, which Linux gives to whoever may make user namespaces.
 */
@Timeout(60)
class UnreachableHostTest {

    private static final String HOST = "10.99.99.99";

    /** There is no IPv6 there. */
    private static final String NO_ROUTE = "2001:db8::1";

    @Test
    void isToldFromANetworkWithoutARoute() throws IOException, InterruptedException {
        assertThat(probedInItsOwnNetwork())
                .contains("HOST_UNREACHABLE CONNECT [HOST_UNREACHABLE]"
                        + " The network says that 10.99.99.99 port 25 can't be reached.");
    }

    @Test
    void withoutAnOwnRouteNoNetworkIsBlamed() throws IOException, InterruptedException {
        assertThat(probedInItsOwnNetwork())
                .contains(
                        "NO_EGRESS CONNECT [NO_EGRESS] This agent has no way to",
                        "OK after [NO_EGRESS, null] over two addresses");
    }

    private static String probedInItsOwnNetwork() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                inItsOwnNetwork("true").exit() == 0, "this machine gives nobody a network of its own (unshare, ip)");
        Ended probed = inItsOwnNetwork(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UnreachableHostTest.class.getName());
        assertThat(probed.exit()).as(probed.said()).isZero();
        return probed.said();
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

    /** The second JVM: runs, each told in a line. */
    static void main() throws IOException {
        for (String host : List.of(HOST, NO_ROUTE)) {
            ProbeResult result = aRun().against(host).port(25).run();
            Failure failure = Objects.requireNonNull(result.failure());
            System.out.println(
                    failure.code() + " " + failure.phase() + " " + attempts(result) + " " + failure.message());
        }
        try (TestServer server = TestServer.smtp().start();
                Deadline deadline = Deadline.after(Duration.ofSeconds(10), TICKER)) {
            MailProbe probe = Names.told(LOOPBACK_ALLOWED, "127.0.0.1", NO_ROUTE);
            ProbeResult result =
                    probe.run(aRun().smtp(server).against("mail.example.org").request(1), deadline);
            System.out.println(result.status() + " after " + attempts(result) + " over two addresses");
        }
    }

    private static List<@Nullable FailureCode> attempts(ProbeResult result) {
        return Objects.requireNonNull(result.network()).attempts().stream()
                .<@Nullable FailureCode>map(ConnectAttempt::failure)
                .toList();
    }
}
