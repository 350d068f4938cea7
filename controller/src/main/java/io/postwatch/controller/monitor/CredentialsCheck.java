package io.postwatch.controller.monitor;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.monitor.MonitorRequest.CredentialsRequest;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.SecretId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The login of one request, and whether the stored secret of the monitor that it changes serves on. */
final class CredentialsCheck {
    static final int MAX_USERNAME = 255;
    static final int MAX_PASSWORD = 1_024;
    static final int MAX_ACCESS_TOKEN = 8_192;

    private static final Pattern PRINTABLE_ASCII = Pattern.compile("[!-~]+");
    /** The first is no mechanism: the strongest that both sides know. */
    private static final List<Optional<AuthMechanism>> MECHANISMS = Stream.concat(
                    Stream.of(Optional.<AuthMechanism>empty()),
                    Stream.of(AuthMechanism.values())
                            .filter(mechanism -> mechanism != AuthMechanism.USER_PASS)
                            .map(Optional::of))
            .toList();

    /** A login with the secret of the request, the stored one or one of the agent's host; or no login, and nothing of it. */
    record Credentials(
            @Nullable MonitorLogin login,
            @Nullable LoginSecret secret,
            @Nullable SecretId kept) {
        static final Credentials NONE = new Credentials(null, null, null);
    }

    private record Given(LoginSecret.Kind kind, LoginSecret secret) {}

    private final FieldChecks fields;
    private final CredentialsRequest given;
    private final @Nullable MonitorDefinition saved;

    private CredentialsCheck(FieldChecks fields, CredentialsRequest given, @Nullable MonitorDefinition saved) {
        this.fields = fields;
        this.given = given;
        this.saved = saved;
    }

    /**
     * Checks a login.
     *
     * @param target where the login goes; null where that is not sound: then only the form of the login is checked
     * @param saved the monitor that the request changes
     */
    static Credentials check(
            FieldChecks fields,
            @Nullable CredentialsRequest given,
            @Nullable MonitorSettings target,
            @Nullable MonitorDefinition saved) {
        return given == null ? Credentials.NONE : new CredentialsCheck(fields, given, saved).check(target);
    }

    private Credentials check(@Nullable MonitorSettings target) {
        String username = username(given.username());
        Given secret = secret();
        AuthMechanism mechanism = Objects.requireNonNullElse(
                        fields.word(
                                "credentials.mechanism",
                                given.mechanism(),
                                MECHANISMS,
                                one -> one.map(AuthMechanism::code).orElse("auto")),
                        Optional.<AuthMechanism>empty())
                .orElse(null);
        boolean allowPlaintext = Boolean.TRUE.equals(given.allowPlaintext());
        LocalSecretName local = localSecret();
        if (secret != null && mechanism != null && mechanism.takesToken() != isToken(secret.kind)) {
            fields.error(
                    "credentials.mechanism",
                    "contradiction",
                    mechanism.code()
                            + (mechanism.takesToken()
                                    ? " takes an access token, no password"
                                    : " takes a password, no access token"));
        }
        if (username == null || target == null || !fields.allGood()) {
            return Credentials.NONE;
        }
        if (target.security() == Security.NONE && !allowPlaintext) {
            fields.error(
                    "credentials.allowPlaintext",
                    "required",
                    "Without TLS the password can be read on the way: choose starttls or tls, or allow it expressly");
        }
        if (local != null) {
            LoginSecret.Kind kind = mechanism != null && mechanism.takesToken()
                    ? LoginSecret.Kind.ACCESS_TOKEN
                    : LoginSecret.Kind.PASSWORD;
            return new Credentials(new MonitorLogin(username, kind, mechanism, allowPlaintext, local), null, null);
        }
        return secret == null
                ? kept(target, username, mechanism, allowPlaintext)
                : new Credentials(
                        new MonitorLogin(username, secret.kind, mechanism, allowPlaintext), secret.secret, null);
    }

    private @Nullable String username(@Nullable String username) {
        if (username == null || username.isEmpty()) {
            fields.error("credentials.username", "required", "Enter the username, or leave out the credentials");
            return null;
        }
        return fields.fits("credentials.username", username, MAX_USERNAME) ? username : null;
    }

    private @Nullable LocalSecretName localSecret() {
        String name = given.localSecret();
        if (name == null) {
            return null;
        }
        if (given.password() != null || given.accessToken() != null) {
            fields.error(
                    "credentials.localSecret",
                    "contradiction",
                    "Name a secret on the agent's host or enter a password or access token, not both");
            return null;
        }
        if (!LocalSecretName.isOne(name)) {
            fields.error(
                    "credentials.localSecret",
                    name.isEmpty() ? "required" : "bad-name",
                    "Enter the name by which the agent's configuration lists the secret: 1 to 63 lower-case letters, digits and hyphens");
            return null;
        }
        return new LocalSecretName(name);
    }

    private @Nullable Given secret() {
        LoginSecret password = password(given.password());
        LoginSecret token = accessToken(given.accessToken());
        if (given.password() != null && given.accessToken() != null) {
            fields.error("credentials.accessToken", "contradiction", "Enter a password or an access token, not both");
            return null;
        }
        if (password != null) {
            return new Given(LoginSecret.Kind.PASSWORD, password);
        }
        return token == null ? null : new Given(LoginSecret.Kind.ACCESS_TOKEN, token);
    }

    private @Nullable LoginSecret password(@Nullable String password) {
        if (password == null) {
            return null;
        }
        if (password.isEmpty()) {
            fields.error("credentials.password", "required", "Enter the password");
            return null;
        }
        return fields.fits("credentials.password", password, MAX_PASSWORD) ? new LoginSecret(password) : null;
    }

    private @Nullable LoginSecret accessToken(@Nullable String token) {
        if (token == null) {
            return null;
        }
        if (token.isEmpty()) {
            fields.error("credentials.accessToken", "required", "Enter the access token");
            return null;
        }
        if (!fields.fits("credentials.accessToken", token, MAX_ACCESS_TOKEN)) {
            return null;
        }
        if (!PRINTABLE_ASCII.matcher(token).matches()) {
            fields.error(
                    "credentials.accessToken",
                    "bad-token",
                    "An access token has letters, digits and signs, and neither spaces nor the word Bearer before it");
            return null;
        }
        return new LoginSecret(token);
    }

    /**
     * A stored secret stays only where it goes to the same server, proven in the same way, over a connection as safe, for
     * the same user: otherwise whoever may edit a monitor could have it sent to a server of their own.
     */
    private Credentials kept(
            MonitorSettings target, String username, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {
        MonitorLogin before = saved == null ? null : saved.settings().login();
        boolean tokenWanted = mechanism == null ? before != null && isToken(before.secret()) : mechanism.takesToken();
        String field = tokenWanted ? "credentials.accessToken" : "credentials.password";
        String what = tokenWanted ? "access token" : "password";
        if (saved == null || before == null || !before.isStored() || isToken(before.secret()) != tokenWanted) {
            fields.error(field, "required", "Enter the " + what);
            return Credentials.NONE;
        }
        MonitorLogin login = new MonitorLogin(username, before.secret(), mechanism, allowPlaintext);
        List<String> changed = changed(saved.settings(), target, before, login);
        if (!changed.isEmpty()) {
            fields.error(
                    field,
                    tokenWanted ? "access-token-required" : "password-required",
                    "Enter the " + what
                            + " again: the stored one is kept only while it goes to the same place, and this changes the "
                            + String.join(", ", changed));
            return Credentials.NONE;
        }
        return new Credentials(login, null, saved.secret());
    }

    private static List<String> changed(
            MonitorSettings before, MonitorSettings target, MonitorLogin loginBefore, MonitorLogin login) {
        List<String> changed = new ArrayList<>();
        changedIf(changed, before.type() != target.type(), "type");
        changedIf(changed, !before.host().equals(target.host()), "host");
        changedIf(changed, before.port() != target.port(), "port");
        changedIf(changed, before.security() != target.security(), "security");
        changedIf(changed, !loginBefore.username().equals(login.username()), "username");
        changedIf(
                changed, login.allowPlaintext() && !loginBefore.allowPlaintext(), "permission to send it unencrypted");
        // Who the server has to be: whoever chooses that chooses who is told.
        CertificatePolicy trusted = before.certificate();
        CertificatePolicy trusting = target.certificate();
        changedIf(changed, !Objects.equals(trusted.pin(), trusting.pin()), "pinned certificate");
        changedIf(changed, !trusted.trustAnchors().equals(trusting.trustAnchors()), "trusted authorities");
        changedIf(
                changed,
                !Objects.equals(trusted.expectedName(), trusting.expectedName()),
                "expected name of the certificate");
        changedIf(changed, !Objects.equals(trusted.serverName(), trusting.serverName()), "server name");
        return changed;
    }

    private static void changedIf(List<String> changed, boolean different, String what) {
        if (different) {
            changed.add(what);
        }
    }

    private static boolean isToken(LoginSecret.Kind kind) {
        return kind == LoginSecret.Kind.ACCESS_TOKEN;
    }
}
