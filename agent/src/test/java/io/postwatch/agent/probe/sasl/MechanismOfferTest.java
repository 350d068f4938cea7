package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MechanismOfferTest {

    private static final MechanismOffer EVERYTHING = new MechanismOffer(List.of(
            "login",
            "Plain",
            "CRAM-MD5",
            "scram-sha-1",
            "SCRAM-SHA-256",
            "SCRAM-SHA-256-PLUS",
            "XOAUTH2",
            "OAuthBearer",
            "USER-PASS",
            "GSSAPI"));

    @Test
    void overTlsTheStrongestIsChosenWhateverTheServersOrder() {
        assertThat(chosen(password(null, false), true))
                .containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5");
        assertThat(chosen(token(false), true)).containsExactly("OAUTHBEARER", "XOAUTH2");
    }

    @Test
    void withLeaveToShowThePasswordTheMostHiddenIsChosen() {
        assertThat(chosen(password(null, true), false))
                .containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN");
        assertThat(chosen(token(true), false)).containsExactly("OAUTHBEARER", "XOAUTH2");
    }

    @Test
    void withoutLeaveNothingIsChosenFromWhichThePasswordCouldBeGuessed() {
        assertThat(chosen(password(null, false), false)).containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1");
        assertThat(chosen(token(false), false)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "LOGIN", "CRAM_MD5", "SCRAM_SHA_1", "SCRAM_SHA_256"})
    void nothingElseIsChosenThanWhatIsWanted(AuthMechanism wanted) {
        assertThat(chosen(password(wanted, true), true)).containsExactly(wanted.saslName());
        assertThat(new MechanismOffer(List.of("XOAUTH2", "PLAIN-CLIENTTOKEN")).best(password(wanted, true), true))
                .isNull();
    }

    @Test
    void aTokenIsNotSentWhereAPasswordIsAskedForNorTheOtherWayRound() {
        assertThat(new MechanismOffer(List.of("PLAIN", "LOGIN")).best(token(true), true))
                .isNull();
        assertThat(new MechanismOffer(List.of("XOAUTH2", "OAUTHBEARER")).best(password(null, true), true))
                .isNull();
    }

    /** What is chosen of everything, then of what is left without it, and so on. */
    private static List<String> chosen(Login login, boolean encrypted) {
        List<String> names = new ArrayList<>(EVERYTHING.names());
        List<String> chosen = new ArrayList<>();
        while (new MechanismOffer(names).best(login, encrypted) != null) {
            String best = Objects.requireNonNull(new MechanismOffer(names).best(login, encrypted))
                    .saslName();
            chosen.add(best);
            names.remove(best);
        }
        return chosen;
    }

    private static Login password(@Nullable AuthMechanism wanted, boolean allowPlaintext) {
        return new Login("user", "password", wanted, allowPlaintext);
    }

    private static Login token(boolean allowPlaintext) {
        return new Login("user", new Login.AccessToken("ya29.a0"), null, allowPlaintext);
    }
}
