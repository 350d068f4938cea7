package io.postwatch.testserver.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Conducts exchanges about one account. Without state of its own: one serves all connections. */
public final class SaslServer {

    private static final byte[] NOTHING = new byte[0];

    private final SaslAccount account;
    private final ScramBehaviour scram;

    public SaslServer(SaslAccount account, ScramBehaviour scram) {
        this.account = account;
        this.scram = scram;
    }

    /**
     * Conducts an exchange to its end.
     *
     * @param initial the client's initial response; null where it sent none
     * @return whether the client is who it says
     */
    public boolean accepts(SaslMechanism mechanism, byte @Nullable [] initial, SaslWire wire)
            throws IOException, SaslAbort {
        return switch (mechanism) {
            case PLAIN -> plain(first(initial, wire));
            case LOGIN -> login(initial, wire);
            case CRAM_MD5 -> new CramMd5(account, CramMd5.newChallenge()).accepts(wire);
            case SCRAM_SHA_1 -> scram(ScramHash.SHA_1, initial, wire);
            case SCRAM_SHA_256 -> scram(ScramHash.SHA_256, initial, wire);
            case XOAUTH2 -> new BearerToken(account).acceptsXoauth2(first(initial, wire), wire);
            case OAUTHBEARER -> new BearerToken(account).acceptsOauthBearer(first(initial, wire), wire);
        };
    }

    private static byte[] first(byte @Nullable [] initial, SaslWire wire) throws IOException, SaslAbort {
        return initial == null ? wire.ask(NOTHING) : initial;
    }

    /** RFC 4616; an authorization identity is heard and not looked at. */
    private boolean plain(byte[] response) {
        String[] parts = new String(response, UTF_8).split("\0", -1);
        return parts.length == 3 && account.accepts(parts[1], parts[2]);
    }

    private boolean login(byte @Nullable [] initial, SaslWire wire) throws IOException, SaslAbort {
        byte[] user = initial == null ? wire.ask("Username:".getBytes(UTF_8)) : initial;
        byte[] secret = wire.ask("Password:".getBytes(UTF_8));
        return account.accepts(new String(user, UTF_8), new String(secret, UTF_8));
    }

    private boolean scram(ScramHash hash, byte @Nullable [] initial, SaslWire wire) throws IOException, SaslAbort {
        return ScramServer.withRandom(hash, account, scram).accepts(first(initial, wire), wire);
    }
}
