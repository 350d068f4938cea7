package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A real Dovecot and a real Postfix on loopback, with certificates of an authority that lives as long as they do.
 * Postfix asks Dovecot about logins, so a stopped Dovecot takes them along. Called by one thread.
 */
final class RealMailServers implements AutoCloseable {
    static final String USERNAME = "alice@postwatch.test";

    /** How long Postfix holds back the greeting of {@link Listener#MX_SLOW}. */
    static final Duration GREETING_DELAY = Duration.ofSeconds(3);

    /** What listens, and which server does. */
    enum Listener {
        /** IMAP with STARTTLS; refuses a login before it. */
        IMAP("imap", "127.0.0.3", true),
        IMAPS("imaps", "127.0.0.1", true),
        /** IMAPS whose certificate expired 40 days ago. */
        IMAPS_EXPIRED("imapsExpired", "127.0.0.2", true),
        /** SMTP that offers STARTTLS. */
        MX("mx", "127.0.0.1", false),
        /** SMTP with STARTTLS whose certificate expired 40 days ago. */
        MX_EXPIRED("mxExpired", "127.0.0.1", false),
        /** SMTP whose greeting begins with a teaser and ends after {@link #GREETING_DELAY}. */
        MX_SLOW("mxSlow", "127.0.0.1", false),
        /** SMTP that demands STARTTLS and a login. */
        SUBMISSION("submission", "127.0.0.1", false),
        /** SMTP in TLS from the first byte, with login. */
        SUBMISSIONS("submissions", "127.0.0.1", false);

        private final String placeholder;
        private final String host;
        private final boolean dovecot;

        Listener(String placeholder, String host, boolean dovecot) {
            this.placeholder = placeholder;
            this.host = host;
            this.dovecot = dovecot;
        }

        /** The IP address it listens on, which its certificate names. */
        String host() {
            return host;
        }
    }

    private final String password = "canary-" + UUID.randomUUID();
    private final Map<Listener, Integer> ports = new EnumMap<>(Listener.class);
    private final TestCertificates certificates;
    private final Instant expiredAt;
    private final Path directory;
    private final Path unpacked;
    private @Nullable MailServerProcess dovecot;
    private @Nullable MailServerProcess postfix;

    private RealMailServers(Path unpacked, Path directory, Instant now) {
        this.unpacked = unpacked;
        this.directory = directory;
        this.certificates = new TestCertificates(now);
        this.expiredAt = now.minus(Duration.ofDays(40));
        FreePorts free = new FreePorts();
        for (Listener listener : Listener.values()) {
            ports.put(listener, free.next());
        }
        writeSettings(free.next(), now);
    }

    static RealMailServers start() {
        Path unpacked = Path.of(System.getProperty("postwatch.home", "../.."))
                .resolve("deploy/e2e/.cache/mail-servers/root")
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(unpacked)) {
            throw new IllegalStateException(
                    "Dovecot and Postfix are not unpacked in " + unpacked + ": run deploy/verify");
        }
        RealMailServers servers;
        try {
            Path directory = Files.createTempDirectory("postwatch-e2e");
            servers = new RealMailServers(
                    unpacked, directory, InstantSource.system().instant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            servers.startDovecot();
            servers.startPostfix();
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
        return servers;
    }

    int port(Listener listener) {
        return ports.getOrDefault(listener, 0);
    }

    /** The only password that {@link #USERNAME} has. It may turn up nowhere. */
    String password() {
        return password;
    }

    String authorityPem() {
        return certificates.authorityPem();
    }

    /** Trusts what the servers show, expiry aside. */
    SSLContext trusting() {
        return certificates.trusting();
    }

    Instant expiredAt() {
        return expiredAt;
    }

    void startDovecot() {
        dovecot = started("dovecot", true);
    }

    void startPostfix() {
        postfix = started("postfix", false);
    }

    /** From here on connections are refused. */
    void stopDovecot() {
        if (dovecot != null) {
            dovecot.close();
            dovecot = null;
        }
    }

    void stopPostfix() {
        if (postfix != null) {
            postfix.close();
            postfix = null;
        }
    }

    @Override
    public void close() {
        stopPostfix();
        stopDovecot();
        try {
            deleteTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MailServerProcess started(String name, boolean isDovecot) {
        Path log = Path.of("target", name + "-" + port(Listener.IMAP) + ".log").toAbsolutePath();
        MailServerProcess process = MailServerProcess.start(name, unpacked, directory.resolve("mail/etc"), log);
        List<Listener> listeners = ports.keySet().stream()
                .filter(listener -> listener.dovecot == isDovecot)
                .toList();
        try {
            await(name + " listens").atMost(Duration.ofSeconds(20)).until(() -> {
                process.checkRunning();
                return listeners.stream().allMatch(this::accepts);
            });
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
        return process;
    }

    private boolean accepts(Listener listener) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(listener.host(), port(listener)), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private void writeSettings(int saslPort, Instant now) {
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            Path source = Path.of("src/test/resources/mail").toAbsolutePath();
            Path target = directory.resolve("mail");
            Files.walkFileTree(source, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    Files.createDirectories(target.resolve(source.relativize(folder)));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.writeString(
                            target.resolve(source.relativize(file)), filled(Files.readString(file), saslPort));
                    return FileVisitResult.CONTINUE;
                }
            });
            Instant longAgo = now.minus(Duration.ofDays(130));
            Files.writeString(
                    target.resolve("etc/healthy.pem"),
                    certificates.serverPem(
                            longAgo, now.plus(Duration.ofDays(60)).plus(Duration.ofHours(1))));
            Files.writeString(target.resolve("etc/expired.pem"), certificates.serverPem(longAgo, expiredAt));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String filled(String template, int saslPort) {
        String text = template.replace("@sasl@", Integer.toString(saslPort))
                .replace("@username@", USERNAME)
                .replace("@password@", password);
        for (Map.Entry<Listener, Integer> entry : ports.entrySet()) {
            text = text.replace(
                    "@" + entry.getKey().placeholder + "@", entry.getValue().toString());
        }
        return text;
    }

    private static void deleteTree(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
