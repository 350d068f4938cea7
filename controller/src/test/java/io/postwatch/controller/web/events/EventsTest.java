package io.postwatch.controller.web.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;

@ControllerTest
@Timeout(30)
class EventsTest {
    private final TestPeople people;
    private final EventHub hub;
    private final TenantTransactions transactions;

    EventsTest(@Autowired TestPeople people, @Autowired EventHub hub, @Autowired TenantTransactions transactions) {
        this.people = people;
        this.hub = hub;
        this.transactions = transactions;
    }

    @Test
    void aChangeIsTold() throws Exception {
        ApiClient member = people.member(Role.VIEWER);
        ApiClient editor = people.member(member.tenant(), Role.EDITOR);
        try (Stream stream = Stream.open(member)) {
            String id = editor.post("/api/v1/components", Map.of("name", "Mail"))
                    .json()
                    .get("id")
                    .asString();

            assertThat(stream.nextEvent())
                    .isEqualTo("data:{\"type\":\"component\",\"id\":\"" + id + "\",\"revision\":1}");
        }
    }

    @Test
    void anotherTenantsChangesAreNot() throws Exception {
        ApiClient member = people.member(Role.VIEWER);
        ApiClient other = people.member(Role.OWNER);
        try (Stream stream = Stream.open(member)) {
            hub.publish(other.tenant(), "monitor", "theirs", 1);
            hub.publish(member.tenant(), "monitor", "ours", 2);

            assertThat(stream.nextEvent()).contains("ours");
        }
    }

    @Test
    void whatWasRolledBackIsNot() throws Exception {
        ApiClient member = people.member(Role.VIEWER);
        try (Stream stream = Stream.open(member)) {
            try {
                transactions.run(member.tenant(), () -> {
                    hub.publish(member.tenant(), "monitor", "never", 1);
                    throw new IllegalArgumentException("rolled back");
                });
            } catch (IllegalArgumentException e) {
                hub.publish(member.tenant(), "monitor", "after", 2);
            }

            assertThat(stream.nextEvent()).contains("after");
        }
    }

    @Test
    void aCommentComesWhereNothingHappens() throws Exception {
        try (Stream stream = Stream.open(people.member(Role.VIEWER))) {
            assertThat(stream.nextLine()).isEqualTo(":connected");
            assertThat(stream.nextLine()).isEqualTo(":still here");
        }
    }

    @Test
    void theStreamEndsWithTheSession() throws Exception {
        ApiClient member = people.member(Role.VIEWER);
        try (Stream stream = Stream.open(member)) {
            member.delete("/api/v1/session");

            assertThat(stream.untilItEnds()).doesNotContain("data:");
        }
    }

    @Test
    void itTakesASessionAndAMembership() {
        ApiClient member = people.member(Role.VIEWER).without("Postwatch-Tenant");

        assertThat(people.anonymous()
                        .get("/api/v1/events?tenant=" + member.tenant())
                        .code())
                .isEqualTo("not-signed-in");
        assertThat(member.get("/api/v1/events?tenant=" + UUID.randomUUID()).code())
                .isEqualTo("not-found");
        assertThat(member.get("/api/v1/events").code()).isEqualTo("invalid-parameter");
    }

    /** A browser's end of a stream. */
    private record Stream(HttpClient client, BufferedReader lines) implements AutoCloseable {
        static Stream open(ApiClient member) throws IOException, InterruptedException {
            HttpClient client = HttpClient.newHttpClient();
            HttpResponse<java.io.InputStream> answer = client.send(
                    member.without("Postwatch-Tenant")
                            .request("/api/v1/events?tenant=" + member.tenant())
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            return new Stream(client, new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
        }

        String nextLine() throws IOException {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return String.valueOf(line);
        }

        String nextEvent() throws IOException {
            String line = nextLine();
            while (line.startsWith(":")) {
                line = nextLine();
            }
            return line;
        }

        String untilItEnds() {
            return String.join("\n", lines.lines().toList());
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
