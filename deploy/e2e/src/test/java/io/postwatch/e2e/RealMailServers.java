package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
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
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A real Dovecot and a real Postfix on loopback, with certificates of an authority that lives as long as they do.
 * Postfix asks Dovecot about logins, so a stopped Dovecot takes them along. Called by one thread.
 */
final class RealMailServers implements AutoCloseable {
    static final String USERNAME = "alice@postwatch.test";

    /** Days that the certificates which are not expired still have. */
    static final int HEALTHY_DAYS = 60;

    /** Just above 40 days. */
    private static final Duration EXPIRED_AGO = Duration.ofDays(40).plusHours(1);

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
    private final TestAuthority authority = TestAuthority.create();
    private final Path directory;
    private final Path unpacked;
    private @Nullable MailServerProcess dovecot;
    private @Nullable MailServerProcess postfix;

    private RealMailServers(Path unpacked, Path directory) {
        this.unpacked = unpacked;
        this.directory = directory;
        FreePorts free = new FreePorts();
        for (Listener listener : Listener.values()) {
            ports.put(listener, free.next());
        }
        writeSettings(free.next());
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
            servers = new RealMailServers(unpacked, directory);
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

    /** Who signed what the servers show. */
    TestAuthority authority() {
        return authority;
    }

    /** Trusts what the servers show, expiry aside. */
    SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority.root());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
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

    private void writeSettings(int saslPort) {
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
            String[] names = {"localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3"};
            authority
                    .leaf(names)
                    .expiringIn(Duration.ofDays(HEALTHY_DAYS).plusHours(1))
                    .issue()
                    .writePem(target.resolve("etc/healthy"));
            authority.leaf(names).expired(EXPIRED_AGO).issue().writePem(target.resolve("etc/expired"));
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
