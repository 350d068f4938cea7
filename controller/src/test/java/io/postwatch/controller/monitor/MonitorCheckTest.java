package io.postwatch.controller.monitor;

import static io.postwatch.controller.monitor.MonitorRequests.COMPONENT;
import static io.postwatch.controller.monitor.MonitorRequests.PRIVATE;
import static io.postwatch.controller.monitor.MonitorRequests.PUBLIC;
import static io.postwatch.controller.monitor.MonitorRequests.aMonitor;
import static io.postwatch.controller.monitor.MonitorRequests.errors;
import static io.postwatch.controller.monitor.MonitorRequests.good;
import static io.postwatch.controller.monitor.MonitorRequests.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postwatch.controller.certificate.TestCertificates;
import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.check.TrustAnchors;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.problem.FieldError;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitorCheckTest {
    private static final SecretId SECRET = new SecretId(new UUID(4, 4));

    @Test
    void needsTypeAndHostAndNothingElse() {
        MonitorDraft draft = good(aMonitor());
        MonitorSettings settings = draft.settings();
        assertThat(draft.name()).isEqualTo("imap mail.example.org");
        assertThat(draft.component()).isNull();
        assertThat(draft.tags()).isEmpty();
        assertThat(draft.locations()).isEqualTo(new LocationSelection(true, List.of()));
        assertThat(draft.newSecret()).isNull();
        assertThat(settings.type()).isEqualTo(MonitorType.IMAP);
        assertThat(settings.host()).isEqualTo(new MailHost("mail.example.org"));
        assertThat(settings.port()).isEqualTo(993);
        assertThat(settings.security()).isEqualTo(Security.TLS);
        assertThat(settings.addressFamily()).isEqualTo(FamilyChoice.ANY);
        assertThat(settings.login()).isNull();
        assertThat(settings.period()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.thresholds()).isEqualTo(new Thresholds(Duration.ofSeconds(8), Duration.ofSeconds(20)));
        assertThat(settings.certificate()).isEqualTo(new CertificatePolicy(21, 7, false));
        assertThat(settings.reportingWindow()).isEqualTo(Duration.ofSeconds(150));
    }

    @ParameterizedTest
    @CsvSource({
        "smtp, , , 465, TLS",
        "smtp, tls, , 465, TLS",
        "smtp, starttls, , 25, STARTTLS",
        "smtp, none, , 25, NONE",
        "smtp, , 25, 25, STARTTLS",
        "smtp, , 587, 587, STARTTLS",
        "smtp, , 465, 465, TLS",
        "smtp, , 10025, 10025, TLS",
        "smtp, tls, 25, 25, TLS",
        "imap, , , 993, TLS",
        "imap, starttls, , 143, STARTTLS",
        "imap, none, , 143, NONE",
        "imap, , 143, 143, STARTTLS",
        "pop3, , , 995, TLS",
        "pop3, tls, , 995, TLS",
        "pop3, starttls, , 110, STARTTLS",
        "pop3, none, , 110, NONE",
        "pop3, , 110, 110, STARTTLS",
    })
    void choosesSecurityAndPortByTypeAndEachOther(
            String type, @Nullable String security, @Nullable Integer port, int expectedPort, Security expected) {
        MonitorRequests request = aMonitor().type(type);
        if (security != null) {
            request.security(security);
        }
        if (port != null) {
            request.port(port);
        }
        MonitorSettings settings = good(request).settings();
        assertThat(settings.port()).isEqualTo(expectedPort);
        assertThat(settings.security()).isEqualTo(expected);
    }

    @Test
    void namesAMonitorAfterTypeHostAndUnusualPort() {
        assertThat(good(aMonitor().type("smtp").port(587)).name()).isEqualTo("smtp mail.example.org:587");
        assertThat(good(aMonitor().type("smtp").port(25)).name()).isEqualTo("smtp mail.example.org");
        assertThat(good(aMonitor().host("::1").port(1993)).name()).isEqualTo("imap [::1]:1993");
        assertThat(good(aMonitor().name("  My mail ")).name()).isEqualTo("My mail");
    }

    @Test
    void storesInternationalNamesAsALabels() {
        assertThat(good(aMonitor().host("Müller.example")).settings().host().value())
                .isEqualTo("xn--mller-kva.example");
    }

    @Test
    void aShortPeriodShortensTheTimeoutAndLeavesOutThresholdsThatDoNotFit() {
        MonitorSettings settings = good(aMonitor().every(10)).settings();
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.thresholds()).isEqualTo(new Thresholds(Duration.ofSeconds(8), null));
        assertThat(good(aMonitor().timeout(5)).settings().thresholds()).isEqualTo(new Thresholds(null, null));
        assertThat(good(aMonitor().timeout(20)).settings().thresholds())
                .isEqualTo(new Thresholds(Duration.ofSeconds(8), null));
    }

    @Test
    void aDefaultGivesWayToWhatWasSaid() {
        assertThat(good(aMonitor().thresholds(25, null)).settings().thresholds())
                .isEqualTo(new Thresholds(Duration.ofSeconds(25), null));
        assertThat(good(aMonitor().thresholds(null, 5)).settings().thresholds())
                .isEqualTo(new Thresholds(null, Duration.ofSeconds(5)));
        assertThat(good(aMonitor().thresholds(0, 0)).settings().thresholds()).isEqualTo(new Thresholds(null, null));
        assertThat(good(aMonitor().certificate(5, null)).settings().certificate())
                .isEqualTo(new CertificatePolicy(5, 0, false));
        assertThat(good(aMonitor().certificate(null, 30)).settings().certificate())
                .isEqualTo(new CertificatePolicy(0, 30, false));
        assertThat(good(aMonitor().certificate(0, 0)).settings().certificate())
                .isEqualTo(new CertificatePolicy(0, 0, false));
        assertThat(good(aMonitor().certificate(7, null)).settings().certificate())
                .isEqualTo(new CertificatePolicy(7, 0, false));
    }

    @Test
    void runsAtEveryPrivateLocationWhereNoPublicOneExists() {
        assertThat(check(aMonitor(), Set.of(), Set.of(PRIVATE), null))
                .isInstanceOfSatisfying(
                        MonitorCheck.Outcome.Good.class,
                        good -> assertThat(good.draft().locations())
                                .isEqualTo(new LocationSelection(false, List.of(PRIVATE))));
        LocationSelection none = new LocationSelection(true, List.of());
        assertThat(none.resolve(Set.of(), Set.of(PRIVATE))).containsExactly(PRIVATE);
        assertThat(none.resolve(Set.of(PUBLIC), Set.of(PRIVATE))).containsExactly(PUBLIC);
        assertThat(new LocationSelection(true, List.of(PRIVATE)).resolve(Set.of(PUBLIC), Set.of(PRIVATE)))
                .containsExactly(PUBLIC, PRIVATE);
    }

    @Test
    void takesLocationsComponentTagsAndLogin() {
        MonitorDraft draft = good(aMonitor()
                .locations(false, PRIVATE.toString(), PRIVATE.toString())
                .component(COMPONENT.toString())
                .tags("a", " b ", "a")
                .login("user", "pa55word", "LOGIN", null));
        assertThat(draft.locations()).isEqualTo(new LocationSelection(false, List.of(PRIVATE)));
        assertThat(draft.component()).isEqualTo(COMPONENT);
        assertThat(draft.tags()).containsExactly("a", "b");
        assertThat(draft.settings().login())
                .isEqualTo(new MonitorLogin("user", LoginSecret.Kind.PASSWORD, AuthMechanism.LOGIN, false));
        assertThat(draft.newSecret()).isEqualTo(new LoginSecret("pa55word"));
        assertThat(draft.toString()).doesNotContain("pa55word");
        assertThat(aMonitor().login("user", "pa55word").build().toString()).doesNotContain("pa55word");
        assertThat(good(aMonitor().login("user", "pa55word", "auto", null))
                        .settings()
                        .login())
                .isEqualTo(new MonitorLogin("user", LoginSecret.Kind.PASSWORD, null, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 25, 65_535})
    void takesEveryPort(int port) {
        assertThat(good(aMonitor().port(port)).settings().port()).isEqualTo(port);
    }

    @Test
    void refusesWhatIsMissingOrWrongWithOneStableCodeEach() {
        refuses(aMonitor().type(null), "type", "required");
        refuses(aMonitor().type("pop4"), "type", "unknown-value");
        refuses(aMonitor().type("IMAP"), "type", "unknown-value");
        refuses(aMonitor().host(null), "host", "required");
        refuses(aMonitor().host(""), "host", "bad-host");
        refuses(aMonitor().host("mail.example.org\r\nX"), "host", "bad-host");
        refuses(aMonitor().host("2130706433"), "host", "bad-host");
        refuses(aMonitor().port(0), "port", "out-of-range");
        refuses(aMonitor().port(65_536), "port", "out-of-range");
        refuses(aMonitor().port(-1), "port", "out-of-range");
        refuses(aMonitor().security("ssl"), "security", "unknown-value");
        refuses(aMonitor().family("ipv5"), "addressFamily", "unknown-value");
        refuses(aMonitor().host("192.0.2.1").family("ipv6"), "addressFamily", "contradiction");
        refuses(aMonitor().host("::1").family("ipv4"), "addressFamily", "contradiction");
        refuses(aMonitor().host("::1").family("both"), "addressFamily", "contradiction");
        refuses(aMonitor().host("192.0.2.1").family("both"), "addressFamily", "contradiction");
        refuses(aMonitor().every(9), "periodSeconds", "out-of-range");
        refuses(aMonitor().every(86_401), "periodSeconds", "out-of-range");
        refuses(aMonitor().timeout(0), "timeoutSeconds", "out-of-range");
        refuses(aMonitor().timeout(61), "timeoutSeconds", "out-of-range");
        refuses(aMonitor().every(3600).timeout(301), "timeoutSeconds", "out-of-range");
        refuses(aMonitor().thresholds(30, null), "thresholds.warningSeconds", "out-of-range");
        refuses(aMonitor().thresholds(-1, null), "thresholds.warningSeconds", "out-of-range");
        refuses(aMonitor().thresholds(null, 30), "thresholds.errorSeconds", "out-of-range");
        refuses(aMonitor().thresholds(9, 9), "thresholds.warningSeconds", "contradiction");
        refuses(aMonitor().certificate(-1, null), "certificate.warningDays", "out-of-range");
        refuses(aMonitor().certificate(null, 3_651), "certificate.errorDays", "out-of-range");
        refuses(aMonitor().certificate(7, 7), "certificate.warningDays", "contradiction");
        refuses(aMonitor().name(" "), "name", "required");
        refuses(aMonitor().name("a\nb"), "name", "control-characters");
        refuses(aMonitor().name("x".repeat(201)), "name", "too-long");
        refuses(aMonitor().component("no-id"), "componentId", "bad-id");
        refuses(aMonitor().component("1-2-3-4-5"), "componentId", "bad-id");
        refuses(aMonitor().component(new UUID(9, 9).toString()), "componentId", "unknown-component");
        refuses(aMonitor().locations(false), "locations", "required");
        refuses(aMonitor().locations(null, new UUID(9, 9).toString()), "locations.locationIds[0]", "unknown-location");
        refuses(aMonitor().locations(true, PUBLIC.toString(), "x"), "locations.locationIds[1]", "bad-id");
        refuses(aMonitor().locations(true, (String) null), "locations.locationIds[0]", "bad-id");
        refuses(
                aMonitor()
                        .locations(
                                true,
                                Collections.nCopies(101, PUBLIC.toString()).toArray(String[]::new)),
                "locations.locationIds",
                "too-many");
        refuses(aMonitor().tags("ok", "a\u0000"), "tags[1]", "control-characters");
        refuses(aMonitor().tags("x".repeat(51)), "tags[0]", "too-long");
        refuses(aMonitor().tags((String) null), "tags[0]", "required");
        refuses(aMonitor().tags(Collections.nCopies(21, "x").toArray(String[]::new)), "tags", "too-many");
        refuses(aMonitor().login(null, "x"), "credentials.username", "required");
        refuses(aMonitor().login("", "x"), "credentials.username", "required");
        refuses(aMonitor().login("a\r\nb", "x"), "credentials.username", "control-characters");
        refuses(aMonitor().login("x".repeat(256), "x"), "credentials.username", "too-long");
        refuses(aMonitor().login("user", null), "credentials.password", "required");
        refuses(aMonitor().login("user", ""), "credentials.password", "required");
        refuses(aMonitor().login("user", "a\u0000"), "credentials.password", "control-characters");
        refuses(aMonitor().login("user", "x".repeat(1_025)), "credentials.password", "too-long");
        refuses(aMonitor().login("user", "x", "GSSAPI", null), "credentials.mechanism", "unknown-value");
        refuses(aMonitor().security("none").login("user", "x"), "credentials.allowPlaintext", "required");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThat(errors(check(aMonitor().type("x").host("").port(0).login("", ""), Set.of(PUBLIC), Set.of(), null)))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("type", "host", "port", "credentials.username", "credentials.password");
    }

    @Test
    void keepsThePasswordWhileItGoesToTheSamePlace() {
        assertThat(changed(aMonitor().login("user", null)))
                .isInstanceOfSatisfying(MonitorCheck.Outcome.Good.class, good -> {
                    assertThat(good.draft().keptSecret()).isEqualTo(SECRET);
                    assertThat(good.draft().newSecret()).isNull();
                });
        assertThat(changed(aMonitor()
                        .host("MAIL.example.org")
                        .login("user", null, "LOGIN", null)
                        .every(600)))
                .isInstanceOf(MonitorCheck.Outcome.Good.class);
        assertThat(changed(aMonitor().host("evil.example").login("user", "new")))
                .isInstanceOfSatisfying(
                        MonitorCheck.Outcome.Good.class,
                        good -> assertThat(good.draft().newSecret()).isEqualTo(new LoginSecret("new")));
    }

    /** Whoever may edit a monitor could otherwise have its password sent to a server of their own. */
    @Test
    void asksForThePasswordAgainWhereItWouldGoElsewhere() {
        List<MonitorRequests> redirected = List.of(
                aMonitor().host("evil.example").login("user", null),
                aMonitor().port(1993).login("user", null),
                aMonitor().security("starttls").port(993).login("user", null),
                aMonitor().security("none").port(993).login("user", null, null, true),
                aMonitor().type("smtp").port(993).login("user", null),
                aMonitor().login("other", null),
                aMonitor().login("user", null, null, true),
                aMonitor().login("user", null).pin("ab".repeat(32)),
                aMonitor().login("user", null).expectedName("evil.example"),
                aMonitor().login("user", null).serverName("evil.example"),
                aMonitor()
                        .login("user", null)
                        .trustAnchors(new TrustAnchors(List.of(Bytes.of(TestCertificates.der("CN=Evil CA")))).pem()));
        assertThat(redirected)
                .allSatisfy(request -> assertThat(errors(changed(request)))
                        .singleElement()
                        .satisfies(error -> {
                            assertThat(error.field()).isEqualTo("credentials.password");
                            assertThat(error.code()).isEqualTo("password-required");
                        }));
    }

    @Test
    void keepsAnAccessTokenLikeAPasswordAndNeitherAsTheOther() {
        MonitorRequests before = aMonitor().token("user", "old", "XOAUTH2").pin("ab".repeat(32));
        MonitorRequests same =
                aMonitor().token("user", null, null).pin("AB".repeat(32)).every(600);
        assertThat(changed(before, same)).isInstanceOfSatisfying(MonitorCheck.Outcome.Good.class, good -> {
            assertThat(good.draft().keptSecret()).isEqualTo(SECRET);
            assertThat(good.draft().settings().login())
                    .isEqualTo(new MonitorLogin("user", LoginSecret.Kind.ACCESS_TOKEN, null, false));
        });
        assertThat(errors(changed(before, aMonitor().token("user", null, "OAUTHBEARER"))))
                .as("without the pin")
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(tuple("credentials.accessToken", "access-token-required"));
        assertThat(errors(changed(
                        before, aMonitor().login("user", null, "PLAIN", null).pin("ab".repeat(32)))))
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(tuple("credentials.password", "required"));
        assertThat(errors(changed(aMonitor().login("user", "old"), aMonitor().token("user", null, "XOAUTH2"))))
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(tuple("credentials.accessToken", "required"));
    }

    private static MonitorCheck.Outcome changed(MonitorRequests request) {
        return changed(aMonitor().login("user", "old"), request);
    }

    private static MonitorCheck.Outcome changed(MonitorRequests saidBefore, MonitorRequests request) {
        MonitorDraft before = good(saidBefore);
        MonitorDefinition saved = new MonitorDefinition(
                new TenantId(new UUID(5, 5)),
                new MonitorId(new UUID(6, 6)),
                before.name(),
                COMPONENT,
                before.settings(),
                SECRET,
                before.locations(),
                before.tags(),
                false,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
        return check(request, Set.of(PUBLIC), Set.of(PRIVATE), saved);
    }

    private static MonitorCheck.Outcome check(
            MonitorRequests request,
            Set<LocationId> publicOnes,
            Set<LocationId> privateOnes,
            @Nullable MonitorDefinition saved) {
        return MonitorCheck.check(
                request.build(), new MonitorCheck.Surroundings(publicOnes, privateOnes, COMPONENT::equals, saved));
    }
}
