package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A real Dovecot, Exim and Postfix on loopback, with certificates of an authority that lives as long as they do. Postfix
 * asks Dovecot about logins, so a stopped Dovecot takes them along. Called by one thread.
 */
final class RealMailServers implements AutoCloseable {
    static final String USERNAME = "alice@postwatch.test";

    /** Somebody whom Dovecot has to ask another server about, which is down. */
    static final String BACKEND_USERNAME = "bob@backend.test";

    /** Days that the certificates which are not expired still have. */
    static final int HEALTHY_DAYS = 60;

    /** Just above 40 days. */
    private static final Duration EXPIRED_AGO = Duration.ofDays(40).plusHours(1);

    /** How long the greetings of {@link Listener#MX_SLOW} and {@link Listener#EXIM_SLOW} are held back. */
    static final Duration GREETING_DELAY = Duration.ofSeconds(3);

    /** What listens, and which server does. */
    enum Listener {
        /** IMAP with STARTTLS; refuses a login before it. */
        IMAP("imap", "127.0.0.3", MailServer.DOVECOT),
        IMAPS("imaps", "127.0.0.1", MailServer.DOVECOT),
        /** IMAPS whose certificate expired 40 days ago. */
        IMAPS_EXPIRED("imapsExpired", "127.0.0.2", MailServer.DOVECOT),
        /** POP3 with STLS; refuses a login before it. */
        POP3("pop3", "127.0.0.3", MailServer.DOVECOT),
        POP3S("pop3s", "127.0.0.1", MailServer.DOVECOT),
        /** SMTP that offers STARTTLS. */
        MX("mx", "127.0.0.1", MailServer.POSTFIX),
        /** SMTP with STARTTLS whose certificate expired 40 days ago. */
        MX_EXPIRED("mxExpired", "127.0.0.1", MailServer.POSTFIX),
        /** SMTP whose greeting begins with a teaser and ends after {@link #GREETING_DELAY}. */
        MX_SLOW("mxSlow", "127.0.0.1", MailServer.POSTFIX),
        /** SMTP that demands STARTTLS and a login. */
        SUBMISSION("submission", "127.0.0.1", MailServer.POSTFIX),
        /** SMTP in TLS from the first byte, with login. */
        SUBMISSIONS("submissions", "127.0.0.1", MailServer.POSTFIX),
        /** SMTP that offers STARTTLS, and then a login. */
        EXIM("exim", "127.0.0.1", MailServer.EXIM),
        /** SMTP in TLS from the first byte, with login. */
        EXIM_TLS("eximTls", "127.0.0.1", MailServer.EXIM),
        /** SMTP that greets after {@link #GREETING_DELAY}, and refuses who talks before. */
        EXIM_SLOW("eximSlow", "127.0.0.1", MailServer.EXIM),
        /** SMTP that greets with 421. */
        EXIM_BUSY("eximBusy", "127.0.0.1", MailServer.EXIM);

        private final String placeholder;
        private final String host;
        private final MailServer server;

        Listener(String placeholder, String host, MailServer server) {
            this.placeholder = placeholder;
            this.host = host;
            this.server = server;
        }

        /** The IP address it listens on, which its certificate names. */
        String host() {
            return host;
        }
    }

    private final String password = "canary-" + UUID.randomUUID();
    private final Map<Listener, Integer> ports = new EnumMap<>(Listener.class);
    private final Map<MailServer, Map<ServedTls, Integer>> servedPorts = new EnumMap<>(MailServer.class);
    private final Map<MailServer, MailServerProcess> running = new EnumMap<>(MailServer.class);
    private final TestAuthority authority = TestAuthority.create();
    private final Path directory;
    private final Path unpacked;

    private RealMailServers(Path unpacked, Path directory) {
        this.unpacked = unpacked;
        this.directory = directory;
        for (Listener listener : Listener.values()) {
            ports.put(listener, FreePorts.next());
        }
        int dovecot = FreePorts.next();
        for (MailServer server : MailServer.values()) {
            Map<ServedTls, Integer> served = new EnumMap<>(ServedTls.class);
            for (ServedTls one : ServedTls.values()) {
                if (server.serves(one)) {
                    served.put(one, server == MailServer.DOVECOT ? dovecot : FreePorts.next());
                }
            }
            servedPorts.put(server, served);
        }
        writeSettings(FreePorts.next());
    }

    static RealMailServers start() {
        Path unpacked = Path.of(System.getProperty("postwatch.home", "../.."))
                .resolve("deploy/e2e/.cache/mail-servers/root")
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(unpacked)) {
            throw new IllegalStateException(
                    "Dovecot, Exim and Postfix are not unpacked in " + unpacked + ": run deploy/verify");
        }
        RealMailServers servers;
        try {
            Path directory = Files.createTempDirectory("postwatch-e2e");
            servers = new RealMailServers(unpacked, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            for (MailServer server : MailServer.values()) {
                servers.start(server);
            }
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
        return servers;
    }

    int port(Listener listener) {
        return ports.getOrDefault(listener, 0);
    }

    int port(MailServer server, ServedTls served) {
        return servedPorts.getOrDefault(server, Map.of()).getOrDefault(served, 0);
    }

    /** The only password that {@link #USERNAME} has. It may turn up nowhere. */
    String password() {
        return password;
    }

    /** Who signed what the servers show. */
    TestAuthority authority() {
        return authority;
    }

    /** What stands in PEM where the servers find the certificates they show. */
    String pem(ServedTls served) throws IOException {
        return Files.readString(
                directory.resolve("mail/etc").resolve(served.folder()).resolve("server.pem"));
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

    void start(MailServer server) {
        Path log = Path.of("target", server.program() + "-" + port(Listener.IMAP) + ".log")
                .toAbsolutePath();
        MailServerProcess process =
                MailServerProcess.start(server.program(), unpacked, directory.resolve("mail/etc"), log);
        List<Listener> listeners = ports.keySet().stream()
                .filter(listener -> listener.server == server)
                .toList();
        try {
            await(server.program() + " listens").atMost(Duration.ofSeconds(20)).until(() -> {
                process.checkRunning();
                return listeners.stream().allMatch(this::accepts);
            });
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
        running.put(server, process);
    }

    /** From here on connections are refused. */
    void stop(MailServer server) {
        MailServerProcess process = running.remove(server);
        if (process != null) {
            process.close();
        }
    }

    /** What the server wrote into its logs so far; it is there once the server has stopped. */
    List<String> logOf(MailServer server) throws IOException {
        return Files.readAllLines(Path.of("target", server.program() + "-" + port(Listener.IMAP) + ".log"));
    }

    @Override
    public void close() {
        for (MailServer server : List.copyOf(running.keySet())) {
            stop(server);
        }
        try {
            Folders.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Map<String, String> gaps = new HashMap<>();
        gaps.put("sasl", Integer.toString(saslPort));
        gaps.put("username", USERNAME);
        gaps.put("password", password);
        ports.forEach((listener, port) -> gaps.put(listener.placeholder, port.toString()));
        Map<ServedTls, Integer> exim = servedPorts.getOrDefault(MailServer.EXIM, Map.of());
        gaps.put("morePorts", exim.values().stream().map(Object::toString).collect(Collectors.joining(" : ")));
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            MailServerSettings settings = new MailServerSettings(directory.resolve("mail"), authority, gaps);
            settings.copy(Path.of("src/test/resources/mail").toAbsolutePath());
            settings.writeCertificates(Duration.ofDays(HEALTHY_DAYS).plusHours(1), EXPIRED_AGO);
            settings.writeServed(
                    servedPorts.getOrDefault(MailServer.POSTFIX, Map.of()),
                    exim,
                    port(MailServer.DOVECOT, ServedTls.ECDSA));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
