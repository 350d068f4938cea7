package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.link.ScriptedController.Shown;
import io.postwatch.proto.agent.v1.AgentMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A controller that is there by IPv6 alone. */
class AgentIpV6Test extends AgentTestCase {

    @BeforeEach
    void openByIpV6() throws IOException, GeneralSecurityException {
        Loopback.assumeIpV6();
        controller.close();
        controller = new ScriptedController(
                authority, authority, new InetSocketAddress(InetAddress.ofLiteral("::1"), 0), Shown.now());
    }

    @Test
    void itsAddressIsEnoughToEnrolAndToReport() throws Exception {
        Credentials credentials =
                enrolment().enrol(ControllerAddress.parse("[::1]:" + port()), controller.token(), "host-a");
        assertThat(enrolledCredentials(home.resolve("state")).controller())
                .isEqualTo(new ControllerAddress("::1", port()));
        startOn(home.resolve("state"), credentials);
        trigger(connectedWith(anAssignment(1, 1).build()), 1, 1, 1_700_000_000L);
        awaitRows(1);
    }

    /** Of its own process, in which this name has an IPv6 address and no other. */
    @Test
    void aNameThatHasIpV6OnlyIsEnoughToo() throws Exception {
        Path hosts = home.resolve("hosts");
        Files.writeString(hosts, "::1 controller.test\n");
        Path token = home.resolve("token");
        Files.writeString(token, controller.token().reveal());
        Path log = home.resolve("log");
        Process agent = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--state",
                        home.resolve("state").toString(),
                        "--controller",
                        "controller.test:" + port(),
                        "--token-file",
                        token.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Conversation session = controller.session(1);
            session.say(ScriptedController.snapshot(1, List.of()));
            session.await(AgentMessage::hasApplied);
        } finally {
            agent.destroy();
            assertThat(agent.waitFor(30, TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
        }
        assertThat(controller.enrolledAgents()).isOne();
    }

    private int port() {
        return controller.address().port();
    }
}
