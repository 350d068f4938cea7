package io.postwatch.controller.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofNeedTest {
    private static final MailDomain EXAMPLE = new MailDomain("example.org");

    @Test
    void whoNeitherLogsInNorNamesARecipientNeedsNothing() {
        assertThat(ProofNeed.of(check(null, null))).isEmpty();
    }

    @Test
    void aLoginNeedsTheDomainOfItsMailbox() {
        MonitorSettings check = check("Anna@mail.Example.org", null);

        assertThat(ProofNeed.of(check)).singleElement().isInstanceOfSatisfying(ProofNeed.OfDomain.class, need -> {
            assertThat(need.domain()).isEqualTo(new MailDomain("mail.example.org"));
            assertThat(need.sentence()).contains("once mail.example.org is proven to be yours");
        });
        assertThat(ProofNeed.unmet(check, Set.of())).hasSize(1);
        assertThat(ProofNeed.unmet(check, Set.of(EXAMPLE))).isEmpty();
        assertThat(ProofNeed.unmet(check, Set.of(new MailDomain("other.example"))))
                .hasSize(1);
    }

    /** The host is mail.example.org, a name that its owner may point to whatever server he likes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna",
                "anna*admin@example.org",
                "anna%victim.example@example.org",
                "victim.example!anna@example.org",
                "anna@victim.example@example.org",
                "EXAMPLE\\anna",
                "anna@localhost",
                "anna@[192.0.2.1]",
                "an na@example.org",
                "@example.org"
            })
    void aNameThatIsNoPlainAddressIsForPrivateLocations(String username) {
        MonitorSettings check = check(username, null);

        assertThat(ProofNeed.of(check)).singleElement().isInstanceOf(ProofNeed.Unprovable.class);
        assertThat(ProofNeed.unmet(check, Set.of(EXAMPLE))).hasSize(1);
    }

    @Test
    void aRecipientNeedsItsDomainAndALoginBesideItAnother() {
        MonitorSettings check = check("anna@example.org", "bert@victim.example");

        assertThat(ProofNeed.unmet(check, Set.of(EXAMPLE)))
                .singleElement()
                .isInstanceOfSatisfying(
                        ProofNeed.OfDomain.class,
                        need -> assertThat(need.domain()).isEqualTo(new MailDomain("victim.example")));
    }

    private static MonitorSettings check(@Nullable String username, @Nullable String recipient) {
        return new MonitorSettings(
                MonitorType.SMTP,
                new MailHost("mail.example.org"),
                465,
                Security.TLS,
                FamilyChoice.ANY,
                username == null ? null : new MonitorLogin(username, LoginSecret.Kind.PASSWORD, null, false),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                new Thresholds(null, null),
                new CertificatePolicy(21, 7, false),
                Expectations.NONE,
                null,
                recipient == null ? null : new MailAddress(recipient),
                null);
    }
}
