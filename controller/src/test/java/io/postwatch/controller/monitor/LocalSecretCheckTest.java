package io.postwatch.controller.monitor;

import static io.postwatch.controller.monitor.MonitorRequests.COMPONENT;
import static io.postwatch.controller.monitor.MonitorRequests.PRIVATE;
import static io.postwatch.controller.monitor.MonitorRequests.PUBLIC;
import static io.postwatch.controller.monitor.MonitorRequests.aMonitor;
import static io.postwatch.controller.monitor.MonitorRequests.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.monitor.MonitorRequest.CredentialsRequest;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.problem.FieldError;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins with secrets that only an agent's host knows. */
class LocalSecretCheckTest {
    private static final SecretId SECRET = new SecretId(new UUID(4, 4));

    @Test
    void aNameTakesThePlaceOfAPasswordAndThePrivateLocationsThoseOfPublicOnes() {
        MonitorDraft draft = good(local("imap-alice", null));

        assertThat(draft.settings().login())
                .isEqualTo(new MonitorLogin(
                        "alice", LoginSecret.Kind.PASSWORD, null, false, new LocalSecretName("imap-alice")));
        assertThat(draft.newSecret()).isNull();
        assertThat(draft.keptSecret()).isNull();
        assertThat(draft.locations()).isEqualTo(new LocationSelection(false, List.of(PRIVATE)));
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, PASSWORD",
        "SCRAM-SHA-256, PASSWORD",
        "auto, PASSWORD",
        "XOAUTH2, ACCESS_TOKEN",
        "OAUTHBEARER, ACCESS_TOKEN"
    })
    void theMechanismSaysWhatItIs(String mechanism, LoginSecret.Kind kind) {
        MonitorLogin login = good(local("imap-alice", mechanism)).settings().login();

        assertThat(login).extracting(MonitorLogin::secret).isEqualTo(kind);
        assertThat(login)
                .extracting(MonitorLogin::mechanism)
                .isEqualTo(mechanism.equals("auto") ? null : AuthMechanism.valueOf(mechanism.replace('-', '_')));
    }

    @Test
    void publicLocationsAreRefused() {
        List<MonitorRequests> everywhere = List.of(
                local("imap-alice", null).locations(true),
                local("imap-alice", null).locations(false, PUBLIC.toString()),
                local("imap-alice", null).locations(null, PRIVATE.toString(), PUBLIC.toString()),
                local("imap-alice", null).locations(true, PRIVATE.toString()));

        assertThat(everywhere)
                .allSatisfy(request -> assertThat(errors(check(request, Set.of(PRIVATE), null)))
                        .extracting(FieldError::field, FieldError::code)
                        .containsExactly(tuple("credentials.localSecret", "private-locations-only")));
        assertThat(errors(check(local("imap-alice", null), Set.of(), null)))
                .as("without any private location")
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(tuple("credentials.localSecret", "private-locations-only"));
        assertThat(good(local("imap-alice", null).locations(false, PRIVATE.toString()))
                        .locations()
                        .allPublic())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Imap", "imap_alice", "-a", "a-", "/etc/passwd", "../alice", "env:PATH", "a b", "a\n"})
    void whatIsNoNameIsRefused(String name) {
        assertThat(errors(check(local(name, null), Set.of(PRIVATE), null)))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.field()).isEqualTo("credentials.localSecret");
                    assertThat(error.code()).isEqualTo(name.isEmpty() ? "required" : "bad-name");
                });
    }

    @Test
    void itStandsBesideNoOtherSecret() {
        assertThat(List.of(
                        new CredentialsRequest("alice", "password", null, "imap-alice", null, null),
                        new CredentialsRequest("alice", null, "token", "imap-alice", null, null)))
                .allSatisfy(both -> assertThat(errors(check(aMonitor().credentials(both), Set.of(PRIVATE), null)))
                        .extracting(FieldError::field, FieldError::code)
                        .containsExactly(tuple("credentials.localSecret", "contradiction")));
    }

    @Test
    void itIsNotSentUnencryptedEither() {
        assertThat(errors(check(local("imap-alice", null).security("none"), Set.of(PRIVATE), null)))
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(tuple("credentials.allowPlaintext", "required"));
    }

    @Test
    void whoChangesOverEntersWhatIsToBeStored() {
        MonitorDefinition before = saved(local("imap-alice", null), null);

        assertThat(errors(check(aMonitor().login("alice", null), Set.of(PRIVATE), before)))
                .extracting(FieldError::field, FieldError::code)
                .containsExactly(tuple("credentials.password", "required"));
        MonitorDefinition stored = saved(aMonitor().login("alice", "old"), SECRET);
        assertThat(check(local("imap-alice", null).host("other.example.org"), Set.of(PRIVATE), stored))
                .isInstanceOfSatisfying(
                        MonitorCheck.Outcome.Good.class,
                        good -> assertThat(good.draft().keptSecret()).isNull());
    }

    @Test
    void aDefinitionHasAStoredSecretOrTheNameOfAnother() {
        assertThatThrownBy(() -> saved(local("imap-alice", null), SECRET)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> saved(aMonitor().login("alice", "old"), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static MonitorRequests local(String name, @Nullable String mechanism) {
        return aMonitor().credentials(new CredentialsRequest("alice", null, null, name, mechanism, null));
    }

    private static MonitorCheck.Outcome check(
            MonitorRequests request, Set<LocationId> privateOnes, @Nullable MonitorDefinition saved) {
        return MonitorCheck.check(
                request.build(), new MonitorCheck.Surroundings(Set.of(PUBLIC), privateOnes, COMPONENT::equals, saved));
    }

    private static List<FieldError> errors(MonitorCheck.Outcome outcome) {
        return switch (outcome) {
            case MonitorCheck.Outcome.Good(MonitorDraft draft) -> throw new AssertionError("Accepted: " + draft);
            case MonitorCheck.Outcome.Bad(var errors) -> errors;
        };
    }

    private static MonitorDefinition saved(MonitorRequests said, @Nullable SecretId secret) {
        MonitorDraft draft = good(said);
        return new MonitorDefinition(
                new TenantId(new UUID(5, 5)),
                new MonitorId(new UUID(6, 6)),
                draft.name(),
                COMPONENT,
                draft.settings(),
                secret,
                draft.locations(),
                draft.tags(),
                false,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
