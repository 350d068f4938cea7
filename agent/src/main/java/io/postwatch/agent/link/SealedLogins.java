package io.postwatch.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.identity.SecretOpener;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.schedule.LoginOpener;
import io.postwatch.proto.agent.v1.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** Opens sealed credentials with this agent's key. Nothing of what is inside ever is in an exception's message. */
public final class SealedLogins implements LoginOpener {

    private final SecretOpener opener;

    public SealedLogins(SecretOpener opener) {
        this.opener = opener;
    }

    @Override
    public Login open(SealedSecret secret, LoginPlan plan) throws GeneralSecurityException {
        byte[] plain;
        try {
            plain = opener.open(secret.keyFingerprint(), secret.sealed(), secret.purpose());
        } catch (GeneralSecurityException closed) {
            throw new GeneralSecurityException("they were sealed to another key, agent or purpose", closed);
        }
        try {
            Secret opened = Secret.parseFrom(plain);
            return plan.with(opened.getUsername(), secretIn(opened));
        } catch (InvalidProtocolBufferException | IllegalArgumentException noLogin) {
            throw new GeneralSecurityException("what is sealed is no usable user name and secret");
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static Login.Secret secretIn(Secret opened) throws GeneralSecurityException {
        if (opened.getPassword().isEmpty() == opened.getAccessToken().isEmpty()) {
            throw new GeneralSecurityException("what is sealed has not exactly one of password and access token");
        }
        return opened.getAccessToken().isEmpty()
                ? new Login.Password(opened.getPassword())
                : new Login.AccessToken(opened.getAccessToken());
    }
}
