package io.postwatch.agent.probe.sasl;

import static io.postwatch.agent.probe.sasl.AuthMechanism.CRAM_MD5;
import static io.postwatch.agent.probe.sasl.AuthMechanism.LOGIN;
import static io.postwatch.agent.probe.sasl.AuthMechanism.OAUTHBEARER;
import static io.postwatch.agent.probe.sasl.AuthMechanism.PLAIN;
import static io.postwatch.agent.probe.sasl.AuthMechanism.SCRAM_SHA_1;
import static io.postwatch.agent.probe.sasl.AuthMechanism.SCRAM_SHA_256;
import static io.postwatch.agent.probe.sasl.AuthMechanism.XOAUTH2;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The mechanisms a server offers.
 *
 * @param names in upper case, in the server's order; also those this prober doesn't know
 */
public record MechanismOffer(List<String> names) {

    /**
     * Most preferred first. Over TLS a digest of MD5 shields the password from nobody but the server, which must keep it
     * in the clear to check that digest, and which often offers CRAM-MD5 without being able to: PLAIN is the better way.
     */
    private static final List<AuthMechanism> ENCRYPTED = List.of(SCRAM_SHA_256, SCRAM_SHA_1, PLAIN, LOGIN, CRAM_MD5);

    /** With leave to show the password: most hidden first. */
    private static final List<AuthMechanism> UNENCRYPTED = List.of(SCRAM_SHA_256, SCRAM_SHA_1, CRAM_MD5, PLAIN, LOGIN);

    /**
     * What may be said where anybody can read along and there is no leave to show the password: who overhears CRAM-MD5 can
     * try passwords by the billion a second, which for most of them is as good as having heard it.
     */
    private static final List<AuthMechanism> UNSHOWN = List.of(SCRAM_SHA_256, SCRAM_SHA_1);

    private static final List<AuthMechanism> TOKEN = List.of(OAUTHBEARER, XOAUTH2);

    public MechanismOffer {
        names = names.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /**
     * The strongest mechanism that both sides know, that proves such a login, and that shows no more than the login
     * allows.
     *
     * @param encrypted whether nobody can read along
     * @return null where there is none
     */
    public @Nullable AuthMechanism best(Login login, boolean encrypted) {
        AuthMechanism wanted = login.mechanism();
        return preferences(login, encrypted).stream()
                .filter(mechanism -> wanted == null || wanted == mechanism)
                .filter(mechanism -> names.contains(mechanism.saslName()))
                .findFirst()
                .orElse(null);
    }

    /** The mechanisms that prove such a login and show no more than it allows, most preferred first. */
    public static List<AuthMechanism> preferences(Login login, boolean encrypted) {
        boolean mayShow = encrypted || login.allowPlaintext();
        return switch (login.secret()) {
            case Login.AccessToken _ -> mayShow ? TOKEN : List.of();
            case Login.Password _ -> encrypted ? ENCRYPTED : mayShow ? UNENCRYPTED : UNSHOWN;
        };
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }
}
