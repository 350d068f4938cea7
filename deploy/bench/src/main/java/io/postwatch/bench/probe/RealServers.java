package io.postwatch.bench.probe;

import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.FreePort;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Dovecot and Postfix from unpacked Debian packages, with the settings of the whole-system tests. */
final class RealServers implements Servers {

    /** What the settings leave open, besides the account. */
    private static final List<String> PORTS = List.of(
            "imap",
            "imaps",
            "imapsExpired",
            "pop3",
            "pop3s",
            "mx",
            "mxExpired",
            "mxSlow",
            "submission",
            "submissions",
            "sasl");

    private final Map<String, Integer> ports = new HashMap<>();
    private final List<Child> children = new ArrayList<>();
    private final Path authority;

    private RealServers(Path authority) {
        this.authority = authority;
    }

    /**
     * Starts both; as root, or as a user who may use sudo.
     *
     * @param home the folder of the source tree
     */
    static RealServers start(Path home, Path folder) throws IOException {
        RealServers servers = new RealServers(folder.resolve("real-ca.pem"));
        for (String port : PORTS) {
            servers.ports.put(port, FreePort.next());
        }
        Path source = home.resolve("deploy/e2e/src/test/resources/mail");
        Path settings = folder.resolve("mail");
        servers.copy(source, settings);
        // Of two authorities with one name every prober would have to try both.
        TestAuthority signer = TestAuthority.create("Real Servers", InstantSource.system());
        signer.writePem(servers.authority);
        ServerIdentity identity =
                signer.leaf("localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3").issue();
        identity.writePem(settings.resolve("etc/healthy"));
        signer.leaf("localhost").expired(Duration.ofDays(1)).issue().writePem(settings.resolve("etc/expired"));
        try {
            servers.serve("dovecot", "imaps", home, settings, folder);
            servers.serve("postfix", "mx", home, settings, folder);
            return servers;
        } catch (IOException e) {
            servers.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "real";
    }

    @Override
    public Contender.Endpoint endpoint(Case what) {
        String port = switch (what) {
            case SMTP_PLAIN, SMTP_STARTTLS -> "mx";
            case IMAPS_LOGIN -> "imaps";
        };
        return new Contender.Endpoint("127.0.0.1", Objects.requireNonNull(ports.get(port)));
    }

    @Override
    public Path authority() {
        return authority;
    }

    @Override
    public Optional<Double> cpuMillis() {
        return Optional.empty();
    }

    @Override
    public void close() {
        children.forEach(Child::close);
        children.clear();
    }

    private void serve(String server, String listener, Path home, Path settings, Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("sudo", "-n"));
        }
        command.addAll(List.of(
                "bash",
                settings.resolve("serve").toString(),
                home.resolve("deploy/e2e/.cache/mail-servers/root").toString(),
                settings.resolve("etc").toString(),
                server));
        Child child = Child.unread(command, folder.resolve(server + ".log"));
        children.add(child);
        FreePort.awaitListener(Objects.requireNonNull(ports.get(listener)), child);
    }

    private void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            files.forEach(file -> {
                Path copy = target.resolve(source.relativize(file).toString());
                try {
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.writeString(copy, filled(Files.readString(file)));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private String filled(String template) {
        String text = template.replace("@username@", Account.USERNAME).replace("@password@", Account.PASSWORD);
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            text = text.replace("@" + port.getKey() + "@", port.getValue().toString());
        }
        return text;
    }
}
