package io.postwatch.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.identity.SecretOpener;
import io.postwatch.agent.link.mapping.CredentialCheck;
import io.postwatch.agent.localsecret.LocalSecretException;
import io.postwatch.agent.localsecret.LocalSecretName;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.schedule.LoginOpener;
import io.postwatch.proto.agent.v1.LocalSecret;
import io.postwatch.proto.agent.v1.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Opens sealed credentials with this agent's key; where they name a secret of this host, that one is read. Nothing of what
 * is inside ever is in an exception's message, but for such a name.
 */
public final class SealedLogins implements LoginOpener, CredentialCheck {

    /** Stands for a secret of this host while everything else of a login is judged. */
    private static final String UNREAD = "-";

    private final SecretOpener opener;
    private final LocalSecrets local;

    public SealedLogins(SecretOpener opener, LocalSecrets local) {
        this.opener = opener;
        this.local = local;
    }

    @Override
    public Login open(SealedSecret secret, Check check, Deadline deadline)
            throws GeneralSecurityException, LocalSecretException {
        Secret opened = opened(secret);
        Login login = login(opened, check);
        return opened.hasLocalSecret() ? withLocal(login, opened.getLocalSecret(), check, deadline) : login;
    }

    /** Reads nothing of this host: no command runs before its check does. */
    @Override
    public void check(SealedSecret secret, Check check) throws GeneralSecurityException, LocalSecretException {
        Secret opened = opened(secret);
        login(opened, check);
        if (opened.hasLocalSecret()) {
            local.requireAllowed(name(opened.getLocalSecret()), check.target().host());
        }
    }

    private Secret opened(SealedSecret secret) throws GeneralSecurityException {
        byte[] plain;
        try {
            plain = opener.open(secret.keyFingerprint(), secret.sealed(), secret.purpose());
        } catch (GeneralSecurityException closed) {
            throw new GeneralSecurityException("they were sealed to another key, agent or purpose", closed);
        }
        try {
            return Secret.parseFrom(plain);
        } catch (InvalidProtocolBufferException noSecret) {
            throw unusable();
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static Login login(Secret opened, Check check) throws GeneralSecurityException {
        long given = Stream.of(
                        !opened.getPassword().isEmpty(),
                        !opened.getAccessToken().isEmpty(),
                        opened.hasLocalSecret())
                .filter(Boolean::booleanValue)
                .count();
        if (given != 1) {
            throw new GeneralSecurityException(
                    "what is sealed has not exactly one of password, access token and local secret");
        }
        try {
            return plan(check).with(opened.getUsername(), secretIn(opened));
        } catch (IllegalArgumentException noLogin) {
            throw unusable();
        }
    }

    private static Login.Secret secretIn(Secret opened) {
        if (opened.hasLocalSecret()) {
            return secret(opened.getLocalSecret(), UNREAD);
        }
        return opened.getAccessToken().isEmpty()
                ? new Login.Password(opened.getPassword())
                : new Login.AccessToken(opened.getAccessToken());
    }

    private static Login.Secret secret(LocalSecret local, String text) {
        return local.getAccessToken() ? new Login.AccessToken(text) : new Login.Password(text);
    }

    private Login withLocal(Login unread, LocalSecret named, Check check, Deadline deadline)
            throws GeneralSecurityException, LocalSecretException {
        LocalSecretName name = name(named);
        MailHost host = check.target().host();
        String text = local.read(name, host, deadline);
        try {
            return plan(check).with(unread.username(), secret(named, text));
        } catch (IllegalArgumentException noSecret) {
            throw LocalSecrets.unusable(name, String.valueOf(noSecret.getMessage()));
        }
    }

    private static LocalSecretName name(LocalSecret local) throws GeneralSecurityException {
        try {
            return new LocalSecretName(local.getName());
        } catch (IllegalArgumentException noName) {
            throw unusable();
        }
    }

    private static LoginPlan plan(Check check) {
        return Objects.requireNonNull(check.login(), "a check with credentials logs in");
    }

    private static GeneralSecurityException unusable() {
        return new GeneralSecurityException("what is sealed is no usable user name and secret");
    }
}
