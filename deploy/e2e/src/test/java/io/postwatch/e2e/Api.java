package io.postwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The REST API as its owner uses it. Every answer is also appended to a file, where a test looks for what should not be
 * in one. Called by one thread.
 */
final class Api {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient client;
    private final URI base;
    private final Path answers;
    private String tenant = "";
    private String csrfToken = "";
    private String cookie = "";

    private Api(URI base, Path answers) {
        this.base = base;
        this.answers = answers;
        // __Host- cookies are for browsers: this client carries the cookie by hand.
        this.client = HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_NONE))
                .connectTimeout(TIMEOUT)
                .build();
    }

    /** An answer: the status, and the body where there is one. */
    record Answer(int status, JsonNode body) {
        String text(String field) {
            return body.path(field).asString("");
        }
    }

    static Api signedIn(URI base, Path answers, String email, String password) {
        Api api = new Api(base, answers);
        Answer session = api.post("/session", Map.of("email", email, "password", password));
        if (session.status != 200) {
            throw new IllegalStateException("cannot sign in: " + session);
        }
        api.csrfToken = session.text("csrfToken");
        api.tenant = session.body.path("tenants").path(0).path("id").asString("");
        return api;
    }

    /** What the cookie carries. */
    String session() {
        return cookie.substring(cookie.indexOf('=') + 1);
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    Answer put(String path, Map<String, ?> body) {
        return send("PUT", path, body);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** The body of a creation; anything but success is a failure of the test. */
    JsonNode created(String path, Map<String, ?> body) {
        Answer answer = post(path, body);
        if (answer.status / 100 != 2) {
            throw new AssertionError("POST " + path + ": " + answer);
        }
        return answer.body;
    }

    JsonNode read(String path) {
        Answer answer = get(path);
        if (answer.status != 200) {
            throw new AssertionError("GET " + path + ": " + answer);
        }
        return answer.body;
    }

    /** What is no JSON document: a file for people or other programs. */
    String download(String path) {
        HttpResponse<String> response = exchange("GET", path, null);
        if (response.statusCode() != 200) {
            throw new AssertionError("GET " + path + ": " + response.statusCode());
        }
        return response.body();
    }

    private Answer send(String method, String path, @Nullable Map<String, ?> body) {
        HttpResponse<String> response = exchange(method, path, body);
        JsonNode answer = response.body().isEmpty() ? MissingNode.getInstance() : json.readTree(response.body());
        return new Answer(response.statusCode(), answer);
    }

    private HttpResponse<String> exchange(String method, String path, @Nullable Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/api/v1" + path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        if (!tenant.isEmpty()) {
            request.header("Postwatch-Tenant", tenant).header("Postwatch-Csrf-Token", csrfToken);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers()
                    .firstValue("Set-Cookie")
                    .ifPresent(value -> cookie = value.substring(0, (value + ";").indexOf(';')));
            record(method + " " + path + " " + response.statusCode() + "\n"
                    + response.headers().map() + "\n" + response.body() + "\n\n");
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void record(String text) throws IOException {
        Files.writeString(answers, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
