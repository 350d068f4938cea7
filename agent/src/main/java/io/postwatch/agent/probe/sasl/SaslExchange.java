package io.postwatch.agent.probe.sasl;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange, from its beginning.
 *
 * @param clientFirst whether the client speaks without having been asked, so that its first response may go with the
 *     command; otherwise the server prompts first
 */
public record SaslExchange(AuthMechanism mechanism, boolean clientFirst, SaslStep first) {

    public SaslExchange {
        Objects.requireNonNull(mechanism, "mechanism");
        Objects.requireNonNull(first, "first");
    }

    /**
     * The exchange in which that mechanism proves that login.
     *
     * @throws IllegalArgumentException where the mechanism is none of SASL
     */
    public static SaslExchange of(AuthMechanism mechanism, Login login) {
        return switch (mechanism) {
            case PLAIN -> PlainMechanism.exchange(login);
            case LOGIN -> LoginMechanism.exchange(login);
            case CRAM_MD5 -> CramMd5Mechanism.exchange(login);
            case SCRAM_SHA_1, SCRAM_SHA_256 -> ScramMechanism.exchange(mechanism, login, ClientNonce.random());
            case XOAUTH2 -> BearerMechanism.xoauth2(login);
            case OAUTHBEARER -> BearerMechanism.oauthBearer(login);
            case USER_PASS -> throw new IllegalArgumentException(mechanism + " is no SASL mechanism");
        };
    }

    /** What the client says without having been asked; null where the server prompts first. */
    public SaslStep.@Nullable Response initialResponse() {
        return clientFirst && first.answer("") instanceof SaslStep.Response response ? response : null;
    }
}
