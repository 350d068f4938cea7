package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

class ChainJudgeFuzzTest {

    private static final Target TARGET =
            new Target(new MailHost("mail.example.org"), 993, Security.TLS, AddressFamily.ANY);
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final ChainJudge JUDGE = new ChainJudge(TrustAnchors.systemAnd(List.of()));

    /** Whatever Java takes for a chain is judged, be it as odd as it may. */
    @FuzzTest(maxDuration = "2m")
    void judgesWhateverIsACertificate(byte[] der) {
        List<X509Certificate> chain;
        try {
            chain = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(der)).stream()
                    .map(X509Certificate.class::cast)
                    .limit(10)
                    .toList();
        } catch (CertificateException | RuntimeException refusedByJava) {
            return;
        }
        if (chain.isEmpty()) {
            return;
        }
        CertificateFindings findings = JUDGE.judge(chain, TARGET, CertificatePolicy.DEFAULT, NOW);
        assertThat(findings.verdicts()).isNotEmpty();
        ServerNames.of(chain.getFirst()).forEach(name -> ServerText.clean(name, 255));
    }

    /** Pattern and host, in two lines. */
    @FuzzTest(maxDuration = "1m")
    void matchesNamesThatAreNone(byte[] text) {
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() == 2 && ServerNames.matches(lines.get(0), lines.get(1))) {
            String pattern = lines.get(0).toLowerCase(Locale.ROOT);
            String host = lines.get(1);
            if (pattern.startsWith("*.")) {
                assertThat(host).endsWith(pattern.substring(1));
                assertThat(host.substring(0, host.length() - pattern.length() + 1))
                        .isNotEmpty()
                        .doesNotContain(".");
            } else {
                assertThat(host).isEqualTo(pattern);
            }
        }
    }
}
