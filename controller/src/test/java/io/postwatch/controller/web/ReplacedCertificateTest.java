package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.root.CertificateForge;
import io.postwatch.controller.enrolment.root.CertificateForge.Root;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** HTTPS with the options that docs/operations/controller.md names and the controller's own defaults. */
@Timeout(60)
class ReplacedCertificateTest {
    private static final int LINE = 64;

    @TempDir
    private Path folder = Path.of("/");

    private final CertificateForge forge = new CertificateForge(new SecureRandom());
    private final KeyPair rootKeys = forge.makeKeys();
    private final X509Certificate root = forge.signRoot(rootKeys, Instant.now());

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({SslAutoConfiguration.class, TomcatServletWebServerAutoConfiguration.class})
    static class Https {}

    @Test
    void aReplacedCertificateIsTakenUpWithoutARestartAndConnectionsStay() throws Exception {
        X509Certificate before = put(forge.makeKeys());
        try (ConfigurableApplicationContext running = start();
                SSLSocket standing = connect(running)) {
            assertThat(shown(standing)).isEqualTo(before);

            X509Certificate after = put(forge.makeKeys());

            await().atMost(30, TimeUnit.SECONDS).until(() -> shown(running).equals(after));
            standing.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(standing.getInputStream().readNBytes(5))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/");
        }
    }

    @Test
    void aCertificateWithoutItsKeyLeavesTheOneOfBefore() throws Exception {
        X509Certificate before = put(forge.makeKeys());
        try (ConfigurableApplicationContext running = start()) {
            KeyPair next = forge.makeKeys();
            X509Certificate waiting = certificate(next);
            replace("tls.pem", pem("CERTIFICATE", waiting.getEncoded()));
            assertThat(shown(running)).isEqualTo(before);

            replace("tls.key", pem("PRIVATE KEY", next.getPrivate().getEncoded()));

            await().atMost(30, TimeUnit.SECONDS).until(() -> shown(running).equals(waiting));
        }
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Https.class)
                .run(
                        "--server.port=0",
                        "--spring.ssl.bundle.watch.file.quiet-period=200ms",
                        "--server.ssl.bundle=console",
                        "--spring.ssl.bundle.pem.console.keystore.certificate=file:" + folder.resolve("tls.pem"),
                        "--spring.ssl.bundle.pem.console.keystore.private-key=file:" + folder.resolve("tls.key"),
                        "--spring.ssl.bundle.pem.console.keystore.verify-keys=true");
    }

    private X509Certificate put(KeyPair keys) throws GeneralSecurityException, IOException {
        X509Certificate certificate = certificate(keys);
        replace("tls.key", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        replace("tls.pem", pem("CERTIFICATE", certificate.getEncoded()));
        return certificate;
    }

    private X509Certificate certificate(KeyPair keys) {
        return forge.signController(
                new Root(rootKeys.getPrivate(), root),
                List.of("localhost"),
                keys.getPublic(),
                Instant.now(),
                Duration.ofDays(7));
    }

    /** As programs do that renew certificates. */
    private void replace(String file, String content) throws IOException {
        Path fresh = Files.writeString(folder.resolve(file + ".new"), content);
        Files.move(fresh, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    private X509Certificate shown(ConfigurableApplicationContext running) throws Exception {
        try (SSLSocket socket = connect(running)) {
            return shown(socket);
        }
    }

    private static X509Certificate shown(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private SSLSocket connect(ConfigurableApplicationContext running) throws Exception {
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        roots.setCertificateEntry("root", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        WebServerApplicationContext server = (WebServerApplicationContext) running;
        SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(),
                        Objects.requireNonNull(server.getWebServer()).getPort());
        socket.startHandshake();
        return socket;
    }
}
