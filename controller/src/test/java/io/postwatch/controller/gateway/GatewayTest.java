package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.internal.HpkeDecrypt;
import com.google.crypto.tink.util.SecretBytes;
import com.google.protobuf.ByteString;
import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.SealedSecret;
import io.postwatch.proto.agent.v1.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.XECPrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What tests of scripted agents against the whole controller share: real TLS, real PostgreSQL, real REST. */
@ControllerTest
abstract class GatewayTest {
    static final String CANARY = "canary-pässword-7f3a";

    final TestPeople people;
    final AgentServer server;
    final CertificateAuthority authority;
    final SystemTransactions system;
    final JdbcClient jdbc;
    final List<ScriptedAgent> agents = new ArrayList<>();
    ApiClient owner;
    String location = "";

    GatewayTest(
            TestPeople people,
            AgentServer server,
            CertificateAuthority authority,
            SystemTransactions system,
            JdbcClient jdbc) {
        this.system = system;
        this.jdbc = jdbc;
        this.people = people;
        this.server = server;
        this.authority = authority;
        this.owner = people.anonymous();
    }

    @BeforeEach
    void makeTenantWithLocation() {
        owner = people.member(Role.OWNER);
        location = owner.post("/api/v1/locations", Map.of("name", "Paris"))
                .json()
                .get("id")
                .asString();
    }

    @AfterEach
    void stopAgents() {
        agents.forEach(ScriptedAgent::close);
    }

    ScriptedAgent newAgent() {
        ScriptedAgent agent = new ScriptedAgent(server.port(), authority.roots().getFirst());
        agents.add(agent);
        return agent;
    }

    ScriptedAgent enrolled() {
        ScriptedAgent agent = newAgent();
        agent.enrol(token());
        return agent;
    }

    ScriptedAgent.Stream connected() {
        ScriptedAgent.Stream stream = enrolled().connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        return stream;
    }

    String token() {
        return owner.post("/api/v1/enrolment-tokens", Map.of("locationId", location))
                .json()
                .get("token")
                .asString();
    }

    String agentState(ScriptedAgent agent) {
        return owner.get("/api/v1/agents/" + agent.id()).json().get("state").asString();
    }

    Map<String, Object> monitor(@org.jspecify.annotations.Nullable Map<String, Object> credentials) {
        Map<String, Object> locations = Map.of("allPublic", false, "locationIds", List.of(location));
        return credentials == null
                ? Map.of("type", "imap", "host", "mail.example.org", "locations", locations)
                : Map.of(
                        "type", "imap", "host", "mail.example.org", "locations", locations, "credentials", credentials);
    }

    String createMonitor(@org.jspecify.annotations.Nullable Map<String, Object> credentials) {
        var made = owner.post("/api/v1/monitors", monitor(credentials));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().get("id").asString();
    }

    void damagePassword(String monitor) {
        int damaged = system.call(() -> jdbc.sql("UPDATE secret SET ciphertext = decode('00', 'hex') WHERE secret_id ="
                        + " (SELECT password_secret_id FROM monitor WHERE monitor_id = ?)")
                .param(UUID.fromString(monitor))
                .update());
        assertThat(damaged).isOne();
    }

    String syncOf(String monitor) {
        return owner.get("/api/v1/monitors/" + monitor)
                .json()
                .at("/status/locations/0/sync")
                .asString();
    }

    List<JsonNode> results(String monitor) {
        return owner.get("/api/v1/monitors/" + monitor + "/results")
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    /** It is listened to, and answered. */
    static void assertThatItStands(ScriptedAgent.Stream stream) {
        long number = 4_711L + stream.all(MessageCase.HEARTBEAT_REPLY).size();
        stream.say(AgentMessage.newBuilder()
                .setHeartbeat(
                        Heartbeat.newBuilder().setNumber(number).setWallTime(ScriptedAgent.timestamp(Instant.now()))));
        int heard = 0;
        while (stream.hear(MessageCase.HEARTBEAT_REPLY, heard)
                        .getHeartbeatReply()
                        .getNumber()
                != number) {
            heard++;
        }
    }

    /** Written from the protocol, not from the controller's code. */
    static ByteString hash(List<Assignment> assignments) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        assignments.stream()
                .sorted(Comparator.comparingLong(Assignment::getSeries))
                .forEach(a -> digest.update(ByteBuffer.allocate(16)
                        .putLong(a.getSeries())
                        .putLong(a.getRevision())
                        .array()));
        return ByteString.copyFrom(digest.digest());
    }

    /** As the agent would: HPKE base mode, with the info that the protocol names. */
    static Secret open(ScriptedAgent agent, SealedSecret sealed, ByteString purpose) throws Exception {
        assertThat(sealed.getPurpose()).isEqualTo(purpose);
        HpkeParameters parameters = HpkeParameters.builder()
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                .setVariant(HpkeParameters.Variant.NO_PREFIX)
                .build();
        HpkePublicKey publicKey = HpkePublicKey.create(
                parameters,
                com.google.crypto.tink.util.Bytes.copyFrom(
                        agent.keys.sealingKey().toArray()),
                null);
        byte[] scalar =
                ((XECPrivateKey) agent.keys.sealing().getPrivate()).getScalar().orElseThrow();
        HpkePrivateKey privateKey =
                HpkePrivateKey.create(publicKey, SecretBytes.copyFrom(scalar, InsecureSecretKeyAccess.get()));
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes("postwatch-secret-v1".getBytes(StandardCharsets.US_ASCII));
        info.write(0);
        info.writeBytes(ScriptedAgent.uuid(agent.id().value()).toByteArray());
        info.writeBytes(purpose.toByteArray());
        return Secret.parseFrom(
                HpkeDecrypt.create(privateKey).decrypt(sealed.getSealed().toByteArray(), info.toByteArray()));
    }
}
