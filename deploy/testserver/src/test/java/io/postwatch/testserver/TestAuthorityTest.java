package io.postwatch.testserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestAuthorityTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final TestAuthority authority = TestAuthority.create("Sample", InstantSource.system());

    @Test
    void staysTheSameAcrossStarts(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("ca.p12");
        TestAuthority first = TestAuthority.kept(file, "Kept", InstantSource.fixed(NOW));
        TestAuthority second = TestAuthority.kept(file, "Kept", InstantSource.fixed(NOW));

        assertThat(second.root()).isEqualTo(first.root());
        assertThat(second.leaf("localhost").issue().chain().get(1))
                .isEqualTo(first.leaf("localhost").issue().chain().get(1));
    }

    @Test
    void issuesChainsThatLeadToItsRoot() throws GeneralSecurityException {
        List<X509Certificate> chain =
                authority.leaf("localhost", "127.0.0.1").issue().chain();

        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(authority.root().getPublicKey());
        assertThat(chain.get(0).getSubjectAlternativeNames()).hasSize(2);
    }

    @Test
    void writesFilesThatOthersRead(@TempDir Path folder) throws IOException, GeneralSecurityException {
        ServerIdentity identity = authority.leaf("localhost").issue();
        identity.writePem(folder);

        try (InputStream in = Files.newInputStream(folder.resolve("server.pem"))) {
            assertThat(CertificateFactory.getInstance("X.509").generateCertificates(in))
                    .hasSize(2)
                    .first()
                    .isEqualTo(identity.leaf());
        }
        assertThat(folder.resolve("server.key")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void countsDaysFromItsClock() {
        TestAuthority then = TestAuthority.create("Then", InstantSource.fixed(NOW));

        assertThat(then.leaf("a").expiringIn(Duration.ofDays(5)).issue().leaf().getNotAfter())
                .isEqualTo(NOW.plus(Duration.ofDays(5)));
        assertThat(then.leaf("a").expired(Duration.ofDays(5)).issue().leaf().getNotAfter())
                .isEqualTo(NOW.minus(Duration.ofDays(5)));
    }
}
