package io.postwatch.bench.probe;

import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.FreePort;
import io.postwatch.bench.process.ProcessTimes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** blackbox_exporter, asked over HTTP as Prometheus asks it. Only its own process is counted. */
final class Blackbox implements Contender {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Child exporter;
    private final int port;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(requests)
            .build();

    private Blackbox(Child exporter, int port) {
        this.exporter = exporter;
        this.port = port;
    }

    static Blackbox start(List<String> prefix, Path program, Path authorities, Path folder) throws IOException {
        Path settings = folder.resolve("blackbox.yml");
        try (InputStream template = Objects.requireNonNull(Blackbox.class.getResourceAsStream("blackbox.yml"))) {
            Files.writeString(
                    settings,
                    new String(template.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("@ca@", authorities.toString())
                            .replace("@username@", Account.USERNAME)
                            .replace("@password@", Account.PASSWORD));
        }
        int port = FreePort.next();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                program.toString(),
                "--config.file=" + settings,
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=error"));
        Child exporter = Child.unread(command, folder.resolve("blackbox.log"));
        Blackbox blackbox = new Blackbox(exporter, port);
        FreePort.awaitListener(port, exporter);
        return blackbox;
    }

    @Override
    public String name() {
        return "blackbox_exporter";
    }

    @Override
    public Outcome probe(Case what, Endpoint where, int runs, int concurrency) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/probe?module="
                        + what.label() + "&target=" + where.host() + ":" + where.port()))
                .timeout(TIMEOUT)
                .build();
        AtomicReference<@Nullable String> failure = new AtomicReference<>();
        Semaphore free = new Semaphore(concurrency);
        double before = ProcessTimes.cpuMillis(exporter.handle().pid());
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            free.acquireUninterruptibly();
            requests.execute(() -> {
                try {
                    String metrics = client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body();
                    if (!metrics.contains("probe_success 1")) {
                        failure.set(metrics);
                    }
                } catch (IOException | InterruptedException e) {
                    failure.set(e.toString());
                } finally {
                    free.release();
                }
            });
        }
        free.acquireUninterruptibly(concurrency);
        long nanos = System.nanoTime() - start;
        double cpuMillis = ProcessTimes.cpuMillis(exporter.handle().pid()) - before;
        String failed = failure.get();
        if (failed != null) {
            throw new IOException("a probe of blackbox_exporter failed: " + failed);
        }
        return new Outcome(runs, nanos, cpuMillis, -1);
    }

    /** It has no standard input to end. */
    @Override
    public void close() {
        requests.close();
        client.close();
        exporter.handle().destroy();
        exporter.close();
    }
}
