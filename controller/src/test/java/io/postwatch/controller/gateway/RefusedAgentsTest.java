package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.enrolment.TestCertificates;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/**
 * How far those get who are kept out, and what both sides read of it, word for word as docs/security.md has it. They come to a
 * port of their own: what a log says of refusals is bounded, and other tests have used up the room.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedAgentsTest extends GatewayTest {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final int AGENTS_LOG = 3;
    private static final int CONTROLLERS_LOG = 4;
    private static final int CONSOLE = 5;

    /** As a controller logs where nobody has said otherwise; tests log less. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.postwatch.controller");

    private final ApplicationContext beans;
    private AgentServer port;

    RefusedAgentsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired ApplicationContext beans) {
        super(people, server, authority, system, jdbc);
        this.beans = beans;
        this.port = server;
    }

    @BeforeEach
    void openAPort() {
        LOG.setLevel(Level.INFO);
        GatewayProperties properties = new GatewayProperties(
                Duration.ofSeconds(8),
                3,
                100,
                4,
                Duration.ofSeconds(6),
                4,
                DataSize.ofMegabytes(64),
                Duration.ofMillis(200),
                Duration.ofMinutes(1));
        port = new AnotherGateway(
                        beans, properties, System::nanoTime, InstantSource.system(), new SimpleMeterRegistry())
                .start();
    }

    @AfterEach
    void closeThePort() {
        agents.forEach(ScriptedAgent::close);
        port.stop();
        LOG.setLevel(null);
    }

    @Test
    void oneThatWasRevokedHasItsSessionEndedAndGetsNoOther(CapturedOutput output) throws IOException {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream standing = agent.connect().greet();

        owner.post("/api/v1/agents/" + agent.id() + "/revoke", Map.of());

        assertThat(standing.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        assertRefused("revoked", agent, GoodbyeReason.GOODBYE_REASON_REVOKED, output);
        assertThat(refusalOfARenewal(agent)).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void copiesAreAllKeptOutAndTheSessionThatStandsEnds(CapturedOutput output) throws IOException {
        ScriptedAgent agent = enrolled();
        agent.connect().greet();
        long older = agent.generation();
        var olderChain = agent.chain();
        agent.renew();
        ScriptedAgent.Stream standing = agent.connect().greet();
        system.run(() -> jdbc.sql(
                        "UPDATE agent SET generation_since = generation_since - interval '1 hour' WHERE agent_id = ?")
                .param(agent.id().value())
                .update());

        agent.hold(older, olderChain);

        assertRefused("cloned", agent, GoodbyeReason.GOODBYE_REASON_CLONED, output);
        assertThat(standing.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_CLONED);
        assertThat(refusalOfARenewal(agent)).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void oneThatWasReplacedHearsSoWhateverItTries(CapturedOutput output) throws IOException {
        ScriptedAgent old = enrolled();
        ScriptedAgent.Stream standing = old.connect().greet();
        newAgent()
                .enrol(owner.post("/api/v1/agents/" + old.id() + "/replacement", null)
                        .json()
                        .get("token")
                        .asString());

        assertThat(standing.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REPLACED);
        assertRefused("replaced", old, GoodbyeReason.GOODBYE_REASON_REPLACED, output);
        assertThat(refusalOfARenewal(old)).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(Status.fromThrowable(catchThrowable(() -> old.enrol(token())))
                        .getCode())
                .isEqualTo(Status.Code.ALREADY_EXISTS);
    }

    @Test
    void oneThatNobodyHasApprovedIsKnownAndGetsNoCertificate(CapturedOutput output) throws IOException {
        ScriptedAgent agent = newAgent();
        var waiting = agent.enrol(
                owner.post("/api/v1/enrolment-tokens", Map.of("locationId", location, "needsApproval", true))
                        .json()
                        .get("token")
                        .asString());

        assertThat(waiting.hasAwaitingApproval()).isTrue();
        assertThat(waiting.hasCertificate()).isFalse();
        assertThat(agent.connect(null, List.of()).awaitEnd()).contains(Status.Code.UNAUTHENTICATED);
        assertThat(refusalOfARenewal(agent)).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertTold("unapproved", agent, output);
    }

    @Test
    void oneWhoseCertificateIsOverGetsPastNoHandshakeAndRenewsByItsKey(CapturedOutput output) throws IOException {
        ScriptedAgent agent = enrolled();
        PublicKey key = agent.keys.tls().getPublic();
        agent.hold(agent.generation(), List.of(TestCertificates.expired(authority, agent.id(), key)));
        system.run(() -> jdbc.sql("UPDATE agent SET current_not_after = current_not_after - interval '30 days',"
                        + " next_not_after = next_not_after - interval '30 days' WHERE agent_id = ?")
                .param(agent.id().value())
                .update());

        ScriptedAgent.Stream refused = agent.connectTo(port.port());
        assertThat(refused.awaitEnd()).isPresent();
        assertThat(refused.heard()).isEmpty();
        agent.renew();

        agent.connect().greet();
        assertTold("expired", agent, output);
    }

    @Test
    void oneOfAnotherPlatformGetsPastNoHandshakeAndIsNobodyHere(CapturedOutput output) throws IOException {
        ScriptedAgent agent = enrolled();
        PublicKey key = agent.keys.tls().getPublic();
        agent.hold(1, List.of(TestCertificates.ofAnotherPlatform(agent.id(), key)));

        ScriptedAgent.Stream refused = agent.connectTo(port.port());

        assertThat(refused.awaitEnd()).isPresent();
        assertThat(refused.heard()).isEmpty();
        assertTold("foreign", agent, output);
        assertThat(agentState(agent)).isEqualTo("never-connected");
    }

    private void assertRefused(String who, ScriptedAgent agent, GoodbyeReason reason, CapturedOutput output)
            throws IOException {
        ScriptedAgent.Stream again = agent.connectTo(port.port());
        again.say(again.hello(agent.id(), 0, ByteString.EMPTY));
        Goodbye goodbye = again.hear(MessageCase.GOODBYE).getGoodbye();
        assertThat(goodbye.getReason()).isEqualTo(reason);
        assertThat(again.all(MessageCase.WELCOME)).isEmpty();
        assertThat(again.all(MessageCase.SNAPSHOT)).isEmpty();
        assertThat(quoted(who, AGENTS_LOG))
                .isNotEmpty()
                .allSatisfy(sentence -> assertThat(goodbye.getMessage()).contains(sentence));
        assertTold(who, agent, output);
    }

    /** By this side, and by the console. */
    private void assertTold(String who, ScriptedAgent agent, CapturedOutput output) throws IOException {
        assertThat(quoted(who, CONTROLLERS_LOG))
                .isNotEmpty()
                .allSatisfy(sentence -> await(sentence)
                        .atMost(10, TimeUnit.SECONDS)
                        .until(() -> output.getAll().lines().anyMatch(line -> line.contains(sentence))));
        List<String> states = all(CODE, cell(who, CONSOLE));
        assertThat(states).allSatisfy(state -> assertThat(agentState(agent)).isEqualTo(state));
    }

    private static Status.Code refusalOfARenewal(ScriptedAgent agent) {
        return Status.fromThrowable(catchThrowable(agent::renew)).getCode();
    }

    private static List<String> quoted(String who, int column) throws IOException {
        return all(QUOTED, cell(who, column));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(RefusedAgentsTest::inside).toList();
    }

    private static String inside(MatchResult match) {
        return String.valueOf(match.group(1));
    }

    private static String cell(String who, int column) throws IOException {
        String row = Files.readAllLines(Path.of("../docs/security.md")).stream()
                .filter(line -> line.startsWith("| " + who + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/security.md tells nothing of " + who));
        return List.of(row.split("\\|", -1)).get(column);
    }
}
