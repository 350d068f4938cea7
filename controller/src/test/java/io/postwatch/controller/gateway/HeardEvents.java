package io.postwatch.controller.gateway;

import io.postwatch.controller.web.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A browser that keeps every event it is told. */
final class HeardEvents implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private HeardEvents(ApiClient person) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(
                person.without("Postwatch-Tenant")
                        .request("/api/v1/events?tenant=" + person.tenant())
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new AssertionError("No events: " + answer.statusCode());
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(() -> read(lines));
    }

    static HeardEvents of(ApiClient person) {
        try {
            return new HeardEvents(person);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    heard.add(line);
                }
            }
        } catch (IOException ended) {
            heard.add("ended");
        }
    }

    /** Waits for an event of this kind about this. */
    void await(String type, String id) {
        Awaitility.await("an event " + type + " " + id)
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> heard.stream()
                        .anyMatch(event -> event.contains("\"type\":\"" + type + "\"")
                                && event.contains("\"id\":\"" + id + "\"")));
    }

    List<String> all() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
