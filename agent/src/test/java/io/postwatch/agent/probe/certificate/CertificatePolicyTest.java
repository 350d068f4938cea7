package io.postwatch.agent.probe.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.ExpiryLimits.Reached;
import io.postwatch.agent.probe.certificate.ExpiryLimits.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatePolicyTest {

    @ParameterizedTest
    @CsvSource({
        "mail.example.org, , , mail.example.org",
        "192.0.2.1, , , ",
        "192.0.2.1, mail.example.org, , mail.example.org",
        "mail.example.org, 192.0.2.1, , mail.example.org",
        "mail.example.org, cert.example.org, , cert.example.org",
        "mail.example.org, cert.example.org, sni.example.org, sni.example.org",
        "192.0.2.1, , sni.example.org, sni.example.org"
    })
    void theServerIsToldANameAndNeverAnAddress(
            String host, @Nullable String expected, @Nullable String server, @Nullable String told) {
        MailHost name = policy(expected, server).serverNameFor(new MailHost(host));

        assertThat(name).isEqualTo(told == null ? null : new MailHost(told));
    }

    @Test
    void anAddressIsNoServerName() {
        assertThatIllegalArgumentException().isThrownBy(() -> policy(null, "192.0.2.1"));
    }

    @Test
    void theNearerLimitWins() {
        ExpiryLimits limits = new ExpiryLimits(Unit.DAYS, 21, 7);

        assertThat(limits.reached(22)).isEqualTo(Reached.NOTHING);
        assertThat(limits.reached(21)).isEqualTo(Reached.WARNING);
        assertThat(limits.reached(7)).isEqualTo(Reached.ERROR);
        assertThat(new ExpiryLimits(Unit.DAYS, 0, 0).reached(0)).isEqualTo(Reached.NOTHING);
        assertThatIllegalArgumentException().isThrownBy(() -> new ExpiryLimits(Unit.PERCENT, 100, 10));
    }

    private static CertificatePolicy policy(@Nullable String expected, @Nullable String server) {
        return new CertificatePolicy(
                new ExpiryLimits(Unit.DAYS, 21, 7),
                false,
                expected == null ? null : new MailHost(expected),
                server == null ? null : new MailHost(server),
                List.of(),
                null);
    }
}
