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

    @Test
    void makesChainsOfAnyShape() throws GeneralSecurityException {
        assertThat(subjects(authority.leaf("a").throughMore(10))).hasSize(12).startsWith("CN=a");
        assertThat(subjects(authority.leaf("a").inWrongOrder()))
                .containsExactly("CN=a", "CN=Sample Root", "CN=Sample Intermediate");
        List<X509Certificate> loop = authority.leaf("a").inLoop().issue().chain();
        loop.get(0).verify(loop.get(1).getPublicKey());
        loop.get(1).verify(loop.get(2).getPublicKey());
        loop.get(2).verify(loop.get(1).getPublicKey());
        X509Certificate expired =
                authority.leaf("a").expiredIntermediate().issue().chain().get(1);
        assertThat(expired.getNotAfter()).isBefore(Instant.now());
        expired.verify(authority.root().getPublicKey());
        assertThat(TestAuthority.withExpiredRoot("Old", InstantSource.fixed(NOW))
                        .root()
                        .getNotAfter())
                .isBefore(NOW);
    }

    @Test
    void makesWeakAndOddLeaves() throws GeneralSecurityException {
        X509Certificate md5 = authority.leaf("a").md5().issue().leaf();
        assertThat(md5.getSigAlgName()).isEqualTo("MD5withRSA");
        assertThat(authority.leaf("a").sha1().issue().leaf().getSigAlgName()).isEqualTo("SHA1withECDSA");
        assertThat(authority.leaf("a").padded(20 * 1024).issue().leaf().getEncoded())
                .hasSizeBetween(20 * 1024, 22 * 1024);
        assertThat(authority
                        .leaf("xn--mller-kva.example", "*.example.org", "::1")
                        .issue()
                        .leaf()
                        .getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("xn--mller-kva.example", "*.example.org", "0:0:0:0:0:0:0:1");
    }

    private static List<String> subjects(TestAuthority.Leaf leaf) {
        return leaf.issue().chain().stream()
                .map(certificate -> certificate.getSubjectX500Principal().getName())
                .toList();
    }
}
