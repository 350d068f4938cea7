package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One monitor, one name, two servers: what listens on IPv6 does not hide behind what listens on IPv4. */
final class AddressFamiliesIT {
    /** Leads to 127.0.0.1 and ::1 on every machine (RFC 6761, section 6.3). */
    private static final String HOST = "mail.localhost";

    private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");
    private static final int PERIOD_SECONDS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aBrokenIpv6ShowsBesideAGoodIpv4(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
        assumeTrue(hasIpv6Loopback(), "This machine has no ::1");
        TestAuthority authority = TestAuthority.create();
        ServerIdentity identity = authority.leaf(HOST).issue();
        // What a connection is given by the kernel may be in use over the other family.
        try (TestServer ipv4 = TestServer.smtp().tls(identity).start(FreePorts.next());
                Platform platform = Platform.start(folder.resolve("platform"), authority)) {
            MonitorBody body = anSmtpMonitor("tls")
                    .named("both")
                    .target(HOST, ipv4.port())
                    .over("both")
                    .everySeconds(PERIOD_SECONDS);
            Monitors monitors = new Monitors(platform);
            String id;
            try (TestServer broken = TestServer.smtp()
                    .tls(identity)
                    .greeting("554 5.3.2 mail.localhost takes no mail over IPv6")
                    .start(IPV6, ipv4.port())) {
                id = monitors.save(body);
                JsonNode status = awaitStatus(platform, id, place -> reported(place, 0) && reported(place, 1));

                assertThat(status.path("status").asString("")).isEqualTo("ERROR");
                assertThat(status.path("sentence").asString("")).startsWith("IPv6: ");
                JsonNode good = status.at("/locations/0/families/0");
                assertThat(good.path("addressFamily").asString("")).isEqualTo("ipv4");
                assertThat(good.path("status").asString("")).isEqualTo("OK");
                assertThat(good.at("/lastResult/remoteAddress").asString("")).isEqualTo("127.0.0.1");
                JsonNode bad = status.at("/locations/0/families/1");
                assertThat(bad.path("addressFamily").asString("")).isEqualTo("ipv6");
                assertThat(bad.path("status").asString("")).isEqualTo("ERROR");
                assertThat(bad.at("/failure/code").asString("")).isEqualTo("permanently-refused");
                assertThat(bad.at("/lastResult/remoteAddress").asString("")).isEqualTo("::1");
                assertThat(broken.connections()).isPositive();
                assertTested(platform, body);
            }
            try (TestServer repaired = TestServer.smtp().tls(identity).start(IPV6, ipv4.port())) {
                JsonNode status = awaitStatus(
                        platform,
                        id,
                        place -> place.at("/families/1/status").asString("").equals("OK"));

                assertThat(status.path("status").asString("")).isEqualTo("OK");
                assertThat(repaired.connections()).isPositive();
            }
        }
    }

    /** The same is seen before it is saved. */
    private static void assertTested(Platform platform, MonitorBody body) {
        String test = platform.api()
                .created("/monitor-tests", Map.of("monitor", body.fields()))
                .path("id")
                .asString("");
        JsonNode done = await("the test of a monitor")
                .atMost(PATIENCE)
                .until(
                        () -> platform.api().read("/monitor-tests/" + test),
                        answer -> answer.path("state").asString("").equals("done"));
        assertThat(done.path("outcomes").valueStream())
                .extracting(outcome -> outcome.path("addressFamily").asString("") + " "
                        + outcome.at("/result/status").asString(""))
                .containsExactly("ipv4 OK", "ipv6 ERROR");
    }

    private static JsonNode awaitStatus(Platform platform, String id, Predicate<JsonNode> ofPlace) {
        return await("the status of " + id)
                .atMost(PATIENCE)
                .until(
                        () -> platform.api().read("/monitors/" + id).path("status"),
                        status -> ofPlace.test(status.at("/locations/0")));
    }

    private static boolean reported(JsonNode place, int family) {
        return place.at("/families/" + family).has("lastResult");
    }

    private static boolean hasIpv6Loopback() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(IPV6, 0));
            return true;
        } catch (IOException none) {
            return false;
        }
    }
}
