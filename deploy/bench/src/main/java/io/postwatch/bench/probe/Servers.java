package io.postwatch.bench.probe;

import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.ProcessTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is probed: a server for each case. Called by one thread. */
interface Servers extends AutoCloseable {

    String name();

    Contender.Endpoint endpoint(Case what);

    /** Who signed what they show, as PEM. */
    Path authority();

    /** The CPU time that they have taken so far; empty where their processes come and go too fast to be counted. */
    Optional<Double> cpuMillis() throws IOException;

    @Override
    void close();

    /** The scriptable test server, in a JVM of its own. */
    final class Stub implements Servers {

        private final Child server;
        private final Path authority;
        private final Map<Case, Contender.Endpoint> endpoints;

        private Stub(Child server, Path authority, Map<Case, Contender.Endpoint> endpoints) {
            this.server = server;
            this.authority = authority;
            this.endpoints = endpoints;
        }

        static Stub start(Path folder) throws IOException {
            Path authority = folder.resolve("stub-ca.pem");
            Child server = Child.java(
                    List.of(),
                    List.of("-XX:+UseSerialGC", "-Xmx512m"),
                    folder.resolve("stub.log"),
                    "probe-stub",
                    "--ca",
                    authority.toString());
            String[] ports = server.nextLine().split(" ", -1);
            return new Stub(
                    server,
                    authority,
                    Map.of(
                            Case.SMTP_PLAIN, endpoint(ports[0]),
                            Case.SMTP_STARTTLS, endpoint(ports[1]),
                            Case.IMAPS_LOGIN, endpoint(ports[2])));
        }

        private static Contender.Endpoint endpoint(String port) {
            return new Contender.Endpoint("127.0.0.1", Integer.parseInt(port));
        }

        @Override
        public String name() {
            return "stub";
        }

        @Override
        public Contender.Endpoint endpoint(Case what) {
            return Objects.requireNonNull(endpoints.get(what));
        }

        @Override
        public Path authority() {
            return authority;
        }

        @Override
        public Optional<Double> cpuMillis() throws IOException {
            return Optional.of(ProcessTimes.cpuMillis(server.handle().pid()));
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
