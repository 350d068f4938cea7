package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anImapMonitor;
import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSION;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSIONS;
import static io.postwatch.e2e.RealMailServers.USERNAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where a mailbox password must not be, however much is logged and whatever is taken: where {@link SecretsIT} looks, too, but
 * with logs that say all they can, and in memory.
 */
@NeedsDebianPackages
@ExtendWith(LastLines.class)
final class CanaryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than were ever open at once, for so many have buffers. */
    private static final int CONNECTIONS = 12;

    private static final int LONG = 3_000;
    /** Of the random part of a token's text, what is shown in lists aside. */
    private static final int SECRET_PART_BEGINS = 16;

    private static final int SECRET_PART_ENDS = 36;

    /** A place's name. It passes everywhere and is no secret: where the search finds it, it would find a password. */
    private final String witness = "witness-" + UUID.randomUUID();

    private final String refused = "refüsed canary/+?" + UUID.randomUUID();

    @Test
    void aPasswordIsInNoLogAnswerFileOrMemoryThatDoesNotNeedIt(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException {
        try (RealMailServers servers = RealMailServers.start();
                Platform platform = Platform.startTalkative(folder.resolve("platform"), servers.authority());
                AgentPart bystander = new AgentPart("bystander", platform.folder())) {
            String token = start(bystander, platform, servers);
            use(servers, platform);
            assertThat(new EveryAnswer(platform.api()).ask()).hasSizeGreaterThan(30);

            Path memory = Files.createDirectory(folder.resolve("memory"));
            bystander.dumpHeap(memory.resolve("bystander.hprof"));
            overwriteBuffers(platform);
            platform.first().controller().dumpHeap(memory.resolve("controller.hprof"));
            List<String> rows = DatabaseDump.of(platform.controllerData()).rows();
            assertTheSearchFinds(platform, bystander, memory, rows);
            platform.killAgent();
            bystander.kill();

            for (String password : List.of(servers.password(), refused)) {
                Canary canary = new Canary(USERNAME, password);
                assertThat(canary.foundIn(rows)).isEmpty();
                assertThat(canary.foundBelow(folder)).isEmpty();
            }
            Canary ofTheOwner = new Canary(Platform.OWNER, platform.ownerPassword());
            assertThat(ofTheOwner.foundIn(rows)).isEmpty();
            assertThat(ofTheOwner.foundBelow(platform.folder())).isEmpty();
            for (String shownOnce : List.of(
                    token.substring(SECRET_PART_BEGINS, SECRET_PART_ENDS),
                    platform.api().session())) {
                Canary canary = new Canary("", shownOnce);
                assertThat(canary.foundIn(rows)).isEmpty();
                assertThat(canary.foundBelow(platform.controllerData())).isEmpty();
                assertThat(canary.foundBelow(platform.first().controller().log()))
                        .isEmpty();
            }
            assertThat(rows).as("people's passwords").anyMatch(row -> row.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
        }
    }

    /** Spans and traces would be one more place. */
    @Test
    void thereAreNoTraces() throws IOException {
        for (String part : List.of("controller", "agent")) {
            try (Stream<Path> libraries = Files.list(Platform.HOME.resolve(part).resolve("target/lib"))) {
                assertThat(libraries.map(library -> String.valueOf(library.getFileName())))
                        .isNotEmpty()
                        .noneMatch(name -> name.matches(".*(tracing|opentelemetry|zipkin|brave).*"));
            }
        }
    }

    /** An agent of another location, with a monitor that logs in nowhere. Returns the token that it enrolled with. */
    private String start(AgentPart bystander, Platform platform, RealMailServers servers) {
        String there = platform.api()
                .created("/locations", Map.of("name", witness))
                .path("id")
                .asString("");
        String token = platform.api()
                .created("/enrolment-tokens", Map.of("locationId", there))
                .path("token")
                .asString("");
        bystander.configure(platform.first().controller().agentPort(), servers.authority());
        bystander.runWith(AllLogs.ofAnAgent(platform.folder(), "bystander"));
        bystander.start(token);
        platform.awaitState(there, "online");
        platform.api()
                .created(
                        "/monitors",
                        anImapMonitor("tls").on(servers, IMAPS).from(there).fields());
        return token;
    }

    /** Runs and tests that the server takes and that it refuses, keys that are changed, and an agent that is killed. */
    private void use(RealMailServers servers, Platform platform) {
        Monitors monitors = new Monitors(platform);
        MonitorBody good = anImapMonitor("tls")
                .on(servers, IMAPS)
                .named("good")
                .everySeconds(10)
                .withLogin(USERNAME, servers.password());
        String kept = monitors.save(good);
        String wrong = monitors.save(
                anSmtpMonitor("starttls").on(servers, SUBMISSION).named("wrong").withLogin(USERNAME, refused, "LOGIN"));
        monitors.awaitRun(kept, PATIENCE, run -> run.status().equals("OK"));
        monitors.awaitRun(wrong, PATIENCE, run -> run.status().equals("ERROR"));
        assertThat(monitors.test(anSmtpMonitor("tls").on(servers, SUBMISSIONS).withLogin(USERNAME, servers.password()))
                        .status())
                .isEqualTo("OK");
        assertThat(monitors.test(anImapMonitor("tls").on(servers, IMAPS).withLogin(USERNAME, refused))
                        .failureCode())
                .isEqualTo("login-refused");

        platform.api().created("/data-key/rotation", Map.of());
        await("all is under the new key")
                .atMost(PATIENCE)
                .until(
                        () -> platform.api().read("/data-key"),
                        key -> !key.path("rotating").asBoolean());
        platform.killAgent();
        platform.startAgent();
        platform.awaitAgent();
        Run before = monitors.runs(kept).getFirst();
        platform.api().put("/monitors/" + kept, good.from(platform.locationId()).fields());
        monitors.awaitRun(
                kept,
                PATIENCE,
                run -> run.scheduledAt().isAfter(before.scheduledAt())
                        && run.status().equals("OK"));
    }

    /**
     * What a request was read into is used for the next one, and holds what it held until then. These are longer than any
     * before, and all their connections are open at once, so that none is left as it was.
     */
    private static void overwriteBuffers(Platform platform) {
        String body = "{\"email\": \"%1$s\", \"password\": \"%1$s\"}".formatted("w".repeat(LONG));
        HttpRequest request = HttpRequest.newBuilder(platform.url().resolve("/api/v1/session"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        List<HttpClient> clients = Stream.generate(() -> HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build())
                .limit(CONNECTIONS)
                .toList();
        for (int round = 0; round < 4; round++) {
            clients.stream()
                    .map(client -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                    .toList()
                    .forEach(CompletableFuture::join);
            platform.api().post("/monitors", Map.of("name", "w".repeat(LONG), "host", "w".repeat(LONG)));
        }
        clients.forEach(HttpClient::close);
    }

    /** In each kind of place. */
    private void assertTheSearchFinds(Platform platform, AgentPart bystander, Path memory, List<String> rows)
            throws IOException {
        Canary name = new Canary("", witness);
        assertThat(name.foundIn(rows)).isNotEmpty();
        Path cluster = platform.controllerData().resolve("postgres/cluster");
        assertThat(name.foundBelow(cluster.resolve("pg_wal"))).isNotEmpty();
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            database.checkpoint();
        }
        assertThat(name.foundBelow(cluster.resolve("base"))).isNotEmpty();
        assertThat(name.foundBelow(platform.first().controller().log())).isNotEmpty();
        assertThat(says(platform.first().controller().log(), " TRACE ")).isTrue();
        List<Path> logs = logsOf(platform, "bystander");
        assertThat(logs).anySatisfy(log -> assertThat(name.foundBelow(log)).isNotEmpty());
        assertThat(logs)
                .as("of the bytes that are sent")
                .anySatisfy(log -> assertThat(says(log, "OUTBOUND")).isTrue());
        assertThat(name.foundBelow(bystander.state())).isNotEmpty();
        assertThat(name.foundBelow(memory.resolve("bystander.hprof"))).isNotEmpty();
        assertThat(new Canary("", Platform.OWNER).foundBelow(memory.resolve("controller.hprof")))
                .isNotEmpty();
        assertThat(name.foundBelow(platform.folder().resolve("answers.log"))).isNotEmpty();
        assertThat(new Canary("", USERNAME).foundBelow(platform.folder().resolve("answers.log")))
                .as("transcripts")
                .isNotEmpty();
    }

    private static boolean says(Path log, String word) throws IOException {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains(word));
        }
    }

    private static List<Path> logsOf(Platform platform, String agent) throws IOException {
        try (Stream<Path> files = Files.list(platform.folder())) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(agent + "(-all)?\\.log[.0-9]*"))
                    .toList();
        }
    }
}
