package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.postwatch.controller.certificate.TestCertificates;
import io.postwatch.controller.check.TrustAnchors;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.web.ApiClient.Answer;
import io.postwatch.proto.agent.v1.AddressFamily;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.CertificatePolicy;
import io.postwatch.proto.agent.v1.Check;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Expectations;
import io.postwatch.proto.agent.v1.ImapCheck;
import io.postwatch.proto.agent.v1.Login;
import io.postwatch.proto.agent.v1.Phase;
import io.postwatch.proto.agent.v1.PhaseThreshold;
import io.postwatch.proto.agent.v1.Pop3Check;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RejectionReason;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Security;
import io.postwatch.proto.agent.v1.SmtpCheck;
import io.postwatch.proto.agent.v1.Thresholds;
import io.postwatch.proto.agent.v1.TlsVersion;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Options of a check, from the request to what an agent is told. */
@ExtendWith(OutputCaptureExtension.class)
class CheckOptionsTest extends GatewayTest {
    private static final byte[] AUTHORITY = TestCertificates.der("CN=Our CA");
    private static final String PIN = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final String TOKEN = "canary-ya29.T0ken_9f2c";
    private static final List<String> NOT_IN_REQUESTS =
            List.of("id", "componentName", "paused", "revision", "createdAt", "updatedAt", "status");

    CheckOptionsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void everyOptionIsAnsweredAsItWasAskedForAndTravels() {
        ScriptedAgent.Stream stream = able();
        Map<String, Object> asked = request("smtp");
        asked.put("security", "starttls");
        asked.put("addressFamily", "ipv4");
        asked.put("periodSeconds", 120);
        asked.put("timeoutSeconds", 40);
        asked.put("thresholds", thresholds());
        asked.put("certificate", certificate());
        asked.put(
                "expectations",
                Map.of(
                        "greetingContains",
                        "ESMTP",
                        "capabilities",
                        List.of("SIZE", "AUTH PLAIN"),
                        "minimumTls",
                        "1.3"));
        asked.put("recipient", "postmaster@example.org");
        asked.put("stopAfter", "rcpt");

        JsonNode made = created(asked);

        asked.forEach((field, value) -> {
            if (!field.equals("locations")) {
                assertThat(made.get(field)).as(field).isEqualTo(json(value));
            }
        });
        Check expected = Check.newBuilder()
                .setHost("mail.example.org")
                .setPort(25)
                .setSecurity(Security.SECURITY_STARTTLS)
                .setAddressFamily(AddressFamily.ADDRESS_FAMILY_IPV4)
                .setTimeout(seconds(40))
                .setSmtp(SmtpCheck.newBuilder().setRecipient("postmaster@example.org"))
                .setThresholds(Thresholds.newBuilder()
                        .setWarning(seconds(5))
                        .setError(seconds(9))
                        .addPhases(PhaseThreshold.newBuilder()
                                .setPhase(Phase.PHASE_CONNECT)
                                .setWarning(seconds(1))
                                .setError(seconds(2)))
                        .addPhases(PhaseThreshold.newBuilder()
                                .setPhase(Phase.PHASE_RCPT)
                                .setError(seconds(3))))
                .setCertificatePolicy(CertificatePolicy.newBuilder()
                        .setWarningPercent(33)
                        .setErrorPercent(10)
                        .setReportOnly(true)
                        .setExpectedName("mx.example.net")
                        .setServerName("sni.example.net")
                        .addTrustAnchors(ByteString.copyFrom(AUTHORITY))
                        .setPin(ByteString.copyFrom(HexFormat.of().parseHex(PIN))))
                .setExpectations(Expectations.newBuilder()
                        .setGreetingContains("ESMTP")
                        .addCapabilities("SIZE")
                        .addCapabilities("AUTH PLAIN")
                        .setMinimumTls(TlsVersion.TLS_VERSION_1_3))
                .build();
        assertThat(assigned(stream, 0).getCheck()).isEqualTo(expected);

        Answer again = owner.put("/api/v1/monitors/" + made.get("id").asString(), asRequest(made));
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(asRequest(again.json())).as("kept through an edit").isEqualTo(asRequest(made));
        assertThat(assigned(stream, 1).getCheck()).isEqualTo(expected);

        Answer plain = owner.put("/api/v1/monitors/" + made.get("id").asString(), request("smtp"));
        assertThat(plain.json().propertyNames()).doesNotContain("expectations", "recipient", "stopAfter", "folder");
        assertThat(assigned(stream, 2).getCheck())
                .as("what is left out is not set")
                .isEqualTo(Check.newBuilder()
                        .setHost("mail.example.org")
                        .setPort(465)
                        .setSecurity(Security.SECURITY_TLS)
                        .setAddressFamily(AddressFamily.ADDRESS_FAMILY_ANY)
                        .setTimeout(seconds(30))
                        .setSmtp(SmtpCheck.getDefaultInstance())
                        .setThresholds(
                                Thresholds.newBuilder().setWarning(seconds(8)).setError(seconds(20)))
                        .setCertificatePolicy(CertificatePolicy.newBuilder()
                                .setWarningDays(21)
                                .setErrorDays(7))
                        .build());
    }

    @Test
    void anAccessTokenTravelsSealedAndNeverComesBack(CapturedOutput output) throws Exception {
        ScriptedAgent agent = enrolled().ableToDoEverything();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        Map<String, Object> asked = request("imap");
        asked.put("folder", "Archive/2026");
        asked.put("credentials", Map.of("username", "alice", "accessToken", TOKEN, "mechanism", "OAUTHBEARER"));

        JsonNode made = created(asked);

        assertThat(made.get("credentials"))
                .isEqualTo(json(Map.of(
                        "username",
                        "alice",
                        "passwordSet",
                        false,
                        "accessTokenSet",
                        true,
                        "mechanism",
                        "OAUTHBEARER",
                        "allowPlaintext",
                        false)));
        Secret expected =
                Secret.newBuilder().setUsername("alice").setAccessToken(TOKEN).build();
        Assignment assignment = assigned(stream, 0);
        assertThat(assignment.getCheck().getImap())
                .isEqualTo(ImapCheck.newBuilder().setFolder("Archive/2026").build());
        assertThat(assignment.getCheck().getLogin())
                .isEqualTo(Login.newBuilder()
                        .setMechanism(AuthMechanism.AUTH_MECHANISM_OAUTHBEARER)
                        .setLease(true)
                        .build());
        assertThat(open(agent, assignment.getSecret(), assignment.getSecret().getPurpose()))
                .isEqualTo(expected);

        ObjectNode edited = asRequest(made);
        edited.put("periodSeconds", 300);
        Answer kept = owner.put("/api/v1/monitors/" + made.get("id").asString(), edited);
        assertThat(kept.status()).as(kept.text()).isEqualTo(200);
        Assignment after = assigned(stream, 1);
        assertThat(open(agent, after.getSecret(), after.getSecret().getPurpose()))
                .isEqualTo(expected);

        edited.putObject("certificate").put("pin", PIN);
        Answer refused = owner.put("/api/v1/monitors/" + made.get("id").asString(), edited);
        assertThat(refused.json().at("/fieldErrors/0/field").asString()).isEqualTo("credentials.accessToken");
        assertThat(refused.json().at("/fieldErrors/0/code").asString()).isEqualTo("access-token-required");

        ObjectNode password = asRequest(kept.json());
        password.putObject("credentials").put("username", "alice").put("password", TOKEN + "2");
        Answer replaced = owner.put("/api/v1/monitors/" + made.get("id").asString(), password);
        assertThat(replaced.json().at("/credentials/passwordSet").asBoolean()).isTrue();
        assertThat(replaced.json().at("/credentials/accessTokenSet").asBoolean())
                .isFalse();
        Assignment last = assigned(stream, 2);
        assertThat(open(agent, last.getSecret(), last.getSecret().getPurpose()))
                .isEqualTo(Secret.newBuilder()
                        .setUsername("alice")
                        .setPassword(TOKEN + "2")
                        .build());
        assertThat(made.toString() + kept.text() + refused.text() + replaced.text() + output.getAll())
                .doesNotContain(TOKEN);
    }

    @Test
    void aMonitorTestTakesTheSameOptions() throws Exception {
        ScriptedAgent agent = enrolled().ableToDoEverything();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        Map<String, Object> asked = request("pop3");
        asked.put("credentials", Map.of("username", "alice", "accessToken", TOKEN));
        asked.put("expectations", Map.of("minimumTls", "1.2"));
        asked.put("stopAfter", "auth");

        Answer started = owner.post("/api/v1/monitor-tests", Map.of("monitor", asked));

        assertThat(started.status()).as(started.text()).isEqualTo(202);
        RunTest order = stream.hear(MessageCase.RUN_TEST).getRunTest();
        assertThat(order.getCheck().getPort()).isEqualTo(995);
        assertThat(order.getCheck().getPop3()).isEqualTo(Pop3Check.getDefaultInstance());
        assertThat(order.getCheck().getStopAfter()).isEqualTo(Phase.PHASE_AUTH);
        assertThat(order.getCheck().getExpectations())
                .isEqualTo(Expectations.newBuilder()
                        .setMinimumTls(TlsVersion.TLS_VERSION_1_2)
                        .build());
        assertThat(open(agent, order.getSecret(), order.getTestId()).getAccessToken())
                .isEqualTo(TOKEN);
        asked.put("recipient", "a@example.org");
        assertThat(owner.post("/api/v1/monitor-tests", Map.of("monitor", asked)).code())
                .isEqualTo("invalid-fields");
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, AUTH_MECHANISM_PLAIN",
        "LOGIN, AUTH_MECHANISM_LOGIN",
        "CRAM-MD5, AUTH_MECHANISM_CRAM_MD5",
        "SCRAM-SHA-1, AUTH_MECHANISM_SCRAM_SHA_1",
        "SCRAM-SHA-256, AUTH_MECHANISM_SCRAM_SHA_256",
        "XOAUTH2, AUTH_MECHANISM_XOAUTH2",
        "OAUTHBEARER, AUTH_MECHANISM_OAUTHBEARER",
    })
    void everyMechanismTravelsByItsName(String name, AuthMechanism mechanism) {
        ScriptedAgent.Stream stream = able();
        Map<String, Object> asked = request("imap");
        String secret = name.contains("OAUTH") ? "accessToken" : "password";
        asked.put("credentials", Map.of("username", "alice", secret, TOKEN, "mechanism", name));

        assertThat(created(asked).at("/credentials/mechanism").asString()).isEqualTo(name);

        assertThat(assigned(stream, 0).getCheck().getLogin().getMechanism()).isEqualTo(mechanism);
        assertThat(ResultMapping.mechanism(mechanism))
                .extracting(io.postwatch.controller.shared.AuthMechanism::code)
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"greeting", "capability", "starttls"})
    void whereARunStopsTravels(String stop) {
        ScriptedAgent.Stream stream = able();
        Map<String, Object> asked = request("pop3");
        asked.put("security", "starttls");
        asked.put("stopAfter", stop);

        created(asked);

        assertThat(assigned(stream, 0).getCheck().getStopAfter().name()).isEqualToIgnoringCase("PHASE_" + stop);
    }

    @Test
    void aMonitorThatNoAgentIsAbleToRunSaysSo() {
        ScriptedAgent.Stream stream = connected();
        Map<String, Object> scram = request("imap");
        scram.put("credentials", Map.of("username", "alice", "password", TOKEN, "mechanism", "SCRAM-SHA-256"));
        Map<String, Object> token = request("imap");
        token.put("credentials", Map.of("username", "alice", "accessToken", TOKEN));
        for (Map<String, Object> beyond : List.of(request("pop3"), scram, token)) {
            JsonNode place = statusOf(created(beyond).get("id").asString());
            assertThat(place.get("sync").asString()).isEqualTo("no-agent");
            assertThat(place.get("syncMessage").asString()).isEqualTo("No agent of this location is able to run it");
        }
        created(request("imap"));
        assertThat(stream.hear(MessageCase.DELTA).getDelta().getAssignedCount()).isOne();
    }

    @Test
    void anOptionThatTheAgentRejectsIsToldWithItsReason() {
        ScriptedAgent.Stream stream = able();
        Map<String, Object> asked = request("smtp");
        asked.put("recipient", "postmaster@example.org");
        String monitor = created(asked).get("id").asString();
        Delta delta = stream.hear(MessageCase.DELTA).getDelta();

        stream.rejected(
                delta.getRevision(),
                delta.getHash(),
                RejectedAssignment.newBuilder()
                        .setSeries(delta.getAssigned(0).getSeries())
                        .setRevision(delta.getAssigned(0).getRevision())
                        .setReason(RejectionReason.REJECTION_REASON_UNSUPPORTED)
                        .setMessage("This agent can't ask about recipients yet")
                        .build());

        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(monitor).equals("rejected"));
        assertThat(statusOf(monitor).get("syncMessage").asString())
                .isEqualTo("This agent can't ask about recipients yet");
    }

    private JsonNode statusOf(String monitor) {
        return owner.get("/api/v1/monitors/" + monitor).json().at("/status/locations/0");
    }

    private Map<String, Object> request(String type) {
        return new HashMap<>(Map.of(
                "type",
                type,
                "host",
                "mail.example.org",
                "locations",
                Map.of("allPublic", false, "locationIds", List.of(location))));
    }

    private static Map<String, Object> thresholds() {
        return Map.of(
                "warningSeconds",
                5,
                "errorSeconds",
                9,
                "phases",
                List.of(
                        Map.of("phase", "connect", "warningSeconds", 1, "errorSeconds", 2),
                        Map.of("phase", "rcpt", "errorSeconds", 3)));
    }

    private static Map<String, Object> certificate() {
        Map<String, Object> certificate = new LinkedHashMap<>();
        certificate.put("warningPercent", 33);
        certificate.put("errorPercent", 10);
        certificate.put("reportOnly", true);
        certificate.put("expectedName", "mx.example.net");
        certificate.put("serverName", "sni.example.net");
        certificate.put("trustAnchors", new TrustAnchors(List.of(Bytes.of(AUTHORITY))).pem());
        certificate.put("pin", PIN);
        return certificate;
    }

    private JsonNode created(Map<String, Object> request) {
        Answer made = owner.post("/api/v1/monitors", request);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static ObjectNode asRequest(JsonNode monitor) {
        ObjectNode request = monitor.deepCopy().asObject();
        request.remove(NOT_IN_REQUESTS);
        if (request.get("credentials") instanceof ObjectNode credentials) {
            credentials.remove(List.of("passwordSet", "accessTokenSet"));
        }
        return request;
    }

    private static JsonNode json(Object value) {
        return tools.jackson.databind.json.JsonMapper.shared().valueToTree(value);
    }

    private ScriptedAgent.Stream able() {
        ScriptedAgent.Stream stream = enrolled().ableToDoEverything().connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        return stream;
    }

    private static Assignment assigned(ScriptedAgent.Stream stream, int delta) {
        return stream.hear(MessageCase.DELTA, delta).getDelta().getAssigned(0);
    }

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }
}
