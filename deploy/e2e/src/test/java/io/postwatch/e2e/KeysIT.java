package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anImapMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The key-encryption key of a running controller is replaced as docs/operations/keys.md says, and then it is lost. */
@ExtendWith(LastLines.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KeysIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ENTER_IT_AGAIN = "enter it again";
    private static final String PASSWORD = "password of a mailbox";
    /** Nothing else that an agent keeps says it. */
    private static final String HOST = "127.0.0.77";

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final TestAuthority authority = TestAuthority.create();

    private Platform platform;
    private Monitors monitors;
    private MonitorBody withLogin;
    private String id = "";
    private int commands;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        platform = Platform.start(folder.resolve("platform"), authority);
        monitors = new Monitors(platform);
        // Nobody listens there: what counts is that the agent was given the login.
        withLogin = anImapMonitor("tls")
                .named("with a login")
                .target(HOST, FreePorts.next())
                .everySeconds(10)
                .withLogin("user", PASSWORD);
        id = monitors.save(withLogin);
        monitors.awaitRun(id, PATIENCE, any -> true);
    }

    @AfterAll
    void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    @Order(1)
    void theKeyIsReplacedWhileEverythingRunsAndThroughAKill() {
        String former = kept().getFirst();

        assertThat(keys("add")).contains("Back up this file now");
        platform.killController();
        platform.startController();
        await("the former key wraps nothing")
                .atMost(PATIENCE)
                .until(() -> keys("list"), list -> list.contains(former + "  wraps nothing"));
        assertThat(keys("remove", former.substring(0, 8))).contains("Took " + former);
        assertThat(kept()).hasSize(1).doesNotContain(former);

        platform.killController();
        platform.startController();
        platform.awaitAgent();
        Instant restarted = monitors.runs(id).getFirst().scheduledAt();
        save();
        monitors.awaitRun(id, PATIENCE, run -> run.scheduledAt().isAfter(restarted));
        assertThat(location().path("sync").asString("")).isEqualTo("in-sync");
    }

    @Test
    @Order(2)
    void withoutTheKeyItRefusesToStartAndGoesOnOnlyIfTheKeyIsGivenUp() throws IOException {
        String agent = agentId();
        String lost = kept().getFirst();
        // Not killed: who has a lease still has the key.
        platform.first().controller().close();
        Files.move(keyFile(), platform.folder().resolve("lost key"));

        ControllerPart controller = platform.first().controller();
        assertThat(controller.refusedStart()).isEqualTo(1);
        assertThat(Files.readString(platform.folder().resolve("controller.log")))
                .contains(lost + " is missing")
                .contains("POSTWATCH_GIVE_UP_KEY=" + lost);

        controller.configure(Map.of("POSTWATCH_GIVE_UP_KEY", lost));
        platform.startController();

        assertThat(platform.api().read("/monitors/" + id).path("name").asString(""))
                .isEqualTo("with a login");
        assertThatTheAgentKnowsThatAnotherAuthorityAnswers();
        enrolAgain();
        assertThat(agentId()).as("it is the same agent").isEqualTo(agent);
        // The agent goes on with the copy that it has, until its monitor changes.
        Map<String, Object> changed =
                new HashMap<>(withLogin.from(platform.locationId()).fields());
        changed.put("credentials", Map.of("username", "user"));
        changed.put("periodSeconds", 20);
        assertThat(platform.api().put("/monitors/" + id, changed).status()).isEqualTo(200);
        await("the password is asked for")
                .atMost(PATIENCE)
                .until(() -> location().path("syncMessage").asString("").contains(ENTER_IT_AGAIN));
        save();
        await("it is run again")
                .atMost(PATIENCE)
                .until(() -> location().path("sync").asString("").equals("in-sync"));
        Instant saved = monitors.runs(id).getFirst().scheduledAt();
        monitors.awaitRun(id, PATIENCE, run -> run.scheduledAt().isAfter(saved));
    }

    @Test
    @Order(3)
    void aLoginFollowsItsMonitorAndTheAgentBeforeForgetsIt() {
        AgentPart first = platform.first().agent();
        await("the first agent has it").atMost(PATIENCE).until(() -> holdsTheLogin("agent"));
        String there = platform.api()
                .created("/locations", Map.of("name", "Another"))
                .path("id")
                .asString("");
        String token = platform.api()
                .created("/enrolment-tokens", Map.of("locationId", there))
                .path("token")
                .asString("");
        try (AgentPart second = new AgentPart("agent-elsewhere", platform.folder())) {
            second.configure(platform.first().controller().agentPort(), authority);
            second.start(token);
            platform.awaitState(there, "online");

            Map<String, Object> moved = new HashMap<>(withLogin.from(there).fields());
            // The stored password goes along.
            moved.put("credentials", Map.of("username", "user"));
            assertThat(platform.api().put("/monitors/" + id, moved).status()).isEqualTo(200);

            await("the second agent has it").atMost(PATIENCE).until(() -> holdsTheLogin("agent-elsewhere"));
            await("the first agent has forgotten it").atMost(PATIENCE).until(() -> !holdsTheLogin("agent"));
            assertThat(first.isStarted()).isTrue();
        }
    }

    /** What the agent keeps on its disk, opened with the key beside it: the sealed login of the one monitor there is. */
    private boolean holdsTheLogin(String agent) {
        Path state = platform.folder().resolve(agent);
        try {
            byte[] file = Files.readAllBytes(state.resolve("assignments"));
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(Files.readAllBytes(state.resolve("storage.key")), "AES"),
                    new GCMParameterSpec(TAG_BITS, file, 1, NONCE));
            cipher.updateAAD("postwatch-assignments-v1".getBytes(StandardCharsets.US_ASCII));
            byte[] plain = cipher.doFinal(file, 1 + NONCE, file.length - 1 - NONCE);
            assertThat(new String(plain, StandardCharsets.ISO_8859_1)).doesNotContain(PASSWORD);
            // An HPKE ciphertext of its own purpose; the host stands beside it in the clear.
            return new String(plain, StandardCharsets.ISO_8859_1).contains(HOST);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** At the address that it knows. The token that it was started with, used long ago, is no way in either. */
    private void assertThatTheAgentKnowsThatAnotherAuthorityAnswers() {
        platform.killAgent();
        platform.startAgent();
        await("the agent says who answers")
                .atMost(PATIENCE)
                .until(() -> Files.readString(platform.first().agent().log())
                        .contains("a controller of another Postwatch platform answers"));
    }

    /** As the handbook says: its keys stay, so it is the same agent. */
    private void enrolAgain() throws IOException {
        AgentPart agent = platform.first().agent();
        agent.kill();
        Files.delete(platform.folder().resolve("agent").resolve("credentials.pem"));
        agent.start(platform.first().newEnrolmentToken());
        platform.awaitAgent();
    }

    /** With its password. */
    private void save() {
        Api.Answer answer = platform.api()
                .put("/monitors/" + id, withLogin.from(platform.locationId()).fields());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private JsonNode location() {
        return platform.api().read("/monitors/" + id).at("/status/locations/0");
    }

    private String agentId() {
        return platform.api().read("/agents").at("/items/0/id").asString("");
    }

    /** The ids in the key file, the one to use first. */
    private List<String> kept() {
        return keys("list")
                .lines()
                .filter(line -> line.matches(" {2}[0-9a-f]{32} .*") && !line.contains("missing"))
                .map(line -> line.strip().substring(0, 32))
                .toList();
    }

    /** What the controller's command line says. */
    private String keys(String... words) {
        Path said = platform.folder().resolve("keys-" + commands++ + ".log");
        List<String> arguments = new ArrayList<>(List.of("keys"));
        arguments.addAll(List.of(words));
        Part command = Part.start(
                "keys",
                said,
                Part.SHORT_LIFE,
                Platform.HOME.resolve("controller/target/postwatch-controller.jar"),
                arguments,
                Map.of("POSTWATCH_DATA_DIR", platform.controllerData().toString()));
        int code = command.awaitEnd();
        try {
            String text = Files.readString(said);
            assertThat(code).as(text).isZero();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path keyFile() {
        return platform.controllerData().resolve("key-encryption-key");
    }
}
