package io.postwatch.bench.platform;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as its owner uses it: what a benchmark has to set up there, and to change. Safe for all threads. */
public final class ControllerApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient client;
    private final URI base;
    private final String cookie;
    private final String tenant;
    private final String csrfToken;

    private ControllerApi(HttpClient client, URI base, HttpResponse<String> session) {
        this.client = client;
        this.base = base;
        JsonNode body = json.readTree(session.body());
        String given = session.headers().firstValue("Set-Cookie").orElse("");
        this.cookie = given.substring(0, (given + ";").indexOf(';'));
        this.tenant = body.path("tenants").path(0).path("id").asString("");
        this.csrfToken = body.path("csrfToken").asString("");
    }

    static ControllerApi signedIn(URI base, String email, String password) throws IOException {
        // __Host- cookies are for browsers: this client carries the cookie by hand.
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_NONE))
                .connectTimeout(TIMEOUT)
                .build();
        String credentials = JsonMapper.shared().writeValueAsString(Map.of("email", email, "password", password));
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/session"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(credentials))
                .build();
        return new ControllerApi(client, base, sent(client, request));
    }

    /** A monitor as it was stored. */
    public record Saved(String id, long revision) {}

    /** Makes a location and returns its id. */
    public String makeLocation(String name) throws IOException {
        return send("POST", "/locations", Map.of("name", name)).path("id").asString("");
    }

    /** Makes a token and returns its text. */
    public String makeToken(String location, int uses) throws IOException {
        return send(
                        "POST",
                        "/enrolment-tokens",
                        Map.of("locationId", location, "uses", uses, "lifetimeSeconds", 24 * 60 * 60))
                .path("token")
                .asString("");
    }

    /** Saves a monitor of these fields, as the API takes them. */
    public Saved makeMonitor(Map<String, ?> fields) throws IOException {
        return saved(send("POST", "/monitors", fields));
    }

    /** Replaces it. */
    public Saved changeMonitor(String id, Map<String, ?> fields) throws IOException {
        return saved(send("PUT", "/monitors/" + id, fields));
    }

    /** What a read answers. */
    public JsonNode read(String path) throws IOException {
        return answered(request(path).GET().build());
    }

    private static Saved saved(JsonNode monitor) {
        return new Saved(
                monitor.path("id").asString(""), monitor.path("revision").asLong());
    }

    private JsonNode send(String method, String path, Map<String, ?> body) throws IOException {
        return answered(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve("/api/v1" + path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("Cookie", cookie)
                .header("Postwatch-Tenant", tenant)
                .header("Postwatch-Csrf-Token", csrfToken);
    }

    private JsonNode answered(HttpRequest request) throws IOException {
        return json.readTree(sent(client, request).body());
    }

    private static HttpResponse<String> sent(HttpClient client, HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(
                        request.method() + " " + request.uri() + ": " + response.statusCode() + " " + response.body());
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
