package io.postwatch.controller.web;

import io.postwatch.controller.shared.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the controller's API as a browser or a program would. Immutable; each {@code with} gives a changed copy. */
public record ApiClient(int port, JsonMapper json, @Nullable TenantId tenantOrNull, Map<String, String> headers) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public ApiClient {
        headers = Map.copyOf(headers);
    }

    public static ApiClient of(int port, JsonMapper json) {
        return new ApiClient(port, json, null, Map.of());
    }

    public ApiClient withSession(String token, String csrfToken, TenantId tenant) {
        return withCookie("__Host-postwatch=" + token)
                .with("Postwatch-Csrf-Token", csrfToken)
                .with("Postwatch-Tenant", tenant.toString())
                .inTenant(tenant);
    }

    public ApiClient withCookie(String cookie) {
        return with("Cookie", cookie);
    }

    public ApiClient with(String header, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new ApiClient(port, json, tenantOrNull, changed);
    }

    public ApiClient without(String header) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        return new ApiClient(port, json, tenantOrNull, changed);
    }

    private ApiClient inTenant(TenantId tenant) {
        return new ApiClient(port, json, tenant, headers);
    }

    public TenantId tenant() {
        if (tenantOrNull == null) {
            throw new IllegalStateException("Signed in nowhere");
        }
        return tenantOrNull;
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    /** Sends anything Jackson writes, or a text as it is. */
    public Answer post(String path, @Nullable Object body) {
        return send("POST", path, body);
    }

    public Answer put(String path, @Nullable Object body) {
        return send("PUT", path, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    public Answer send(String method, String path, @Nullable Object body) {
        HttpRequest.Builder request = request(path);
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        String text = body instanceof String written ? written : body == null ? "" : json.writeValueAsString(body);
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
        try {
            return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request to a path, with this client's headers: for what the methods above can't do. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20));
        headers.forEach(request::header);
        return request;
    }

    /** What came back. */
    public record Answer(HttpResponse<String> response, JsonMapper mapper) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return response.body();
        }

        public JsonNode json() {
            return mapper.readTree(response.body());
        }

        /** Throws where the answer has none. */
        public String header(String name) {
            return response.headers()
                    .firstValue(name)
                    .orElseThrow(() -> new AssertionError("No header " + name + " in answer " + status()));
        }

        /** The problem's code; throws where the answer is no problem. */
        public String code() {
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (!type.startsWith("application/problem+json")) {
                throw new AssertionError("No problem but " + status() + " " + type + ": " + text());
            }
            return json().get("code").asString();
        }
    }
}
