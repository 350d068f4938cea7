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

    /** The exchange in which that mechanism proves that login. */
    public static SaslExchange of(AuthMechanism mechanism, Login login) {
        return switch (mechanism) {
            case PLAIN -> PlainMechanism.exchange(login);
            case LOGIN -> LoginMechanism.exchange(login);
            case OAUTHBEARER, XOAUTH2, SCRAM_SHA_256, SCRAM_SHA_1, CRAM_MD5, USER_PASS ->
                throw new IllegalArgumentException("no exchange of this prober: " + mechanism);
        };
    }

    /** What the client says without having been asked; null where the server prompts first. */
    public SaslStep.@Nullable Response initialResponse() {
        return clientFirst && first.answer("") instanceof SaslStep.Response response ? response : null;
    }
}
