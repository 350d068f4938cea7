package io.postwatch.agent.probe.sasl;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The ways to log in that the contract knows. The prober does those of {@link #SUPPORTED}. */
public enum AuthMechanism {
    /** RFC 7628: a bearer token. */
    OAUTHBEARER(Proof.TOKEN),
    /** The same as Google and Microsoft had it before. */
    XOAUTH2(Proof.TOKEN),
    /** RFC 7677, without channel binding. */
    SCRAM_SHA_256(Proof.PASSWORD),
    /** RFC 5802, without channel binding. */
    SCRAM_SHA_1(Proof.PASSWORD),
    /** RFC 2195. */
    CRAM_MD5(Proof.PASSWORD),
    /** RFC 4616. */
    PLAIN(Proof.PASSWORD),
    /** Username and password one after the other, each after a prompt; in IMAP also the LOGIN command. */
    LOGIN(Proof.PASSWORD),
    /** USER and PASS of POP3 (RFC 1939); nothing that a login can name: it is what POP3 falls back to. */
    USER_PASS(Proof.PASSWORD);

    /** SASL mechanisms that this prober can do. */
    public static final Set<AuthMechanism> SUPPORTED =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(USER_PASS)));

    /** With what a mechanism shows who it is. */
    private enum Proof {
        PASSWORD,
        TOKEN
    }

    private final Proof proof;

    AuthMechanism(Proof proof) {
        this.proof = proof;
    }

    /** The name under which it is registered, and by which servers offer it. */
    public String saslName() {
        return name().replace('_', '-');
    }

    /** Whether it is one of those in which the server proves to know the password, too. */
    public boolean isScram() {
        return this == SCRAM_SHA_1 || this == SCRAM_SHA_256;
    }

    /** Whether it takes an access token in place of a password. */
    public boolean takesToken() {
        return proof == Proof.TOKEN;
    }

    /** Whether the other side, and who reads along, gets the secret itself. */
    public boolean showsSecret() {
        return !isScram() && this != CRAM_MD5;
    }
}
