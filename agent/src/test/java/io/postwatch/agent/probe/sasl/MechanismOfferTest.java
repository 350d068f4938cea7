package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MechanismOfferTest {

    @Test
    void theMostPreferredThatBothSidesKnowIsChosenWhateverTheServersOrder() {
        MechanismOffer offer = new MechanismOffer(List.of("XOAUTH2", "login", "Plain"));

        assertThat(offer.best(loginBy(null))).isEqualTo(AuthMechanism.PLAIN);
        assertThat(offer.best(loginBy(AuthMechanism.LOGIN))).isEqualTo(AuthMechanism.LOGIN);
        assertThat(new MechanismOffer(List.of("LOGIN")).best(loginBy(null))).isEqualTo(AuthMechanism.LOGIN);
    }

    @Test
    void nothingElseIsChosenThanWhatIsWanted() {
        assertThat(new MechanismOffer(List.of("LOGIN")).best(loginBy(AuthMechanism.PLAIN)))
                .isNull();
        assertThat(new MechanismOffer(List.of("XOAUTH2", "PLAIN-CLIENTTOKEN")).best(loginBy(null)))
                .isNull();
        assertThat(new MechanismOffer(List.of()).best(loginBy(null))).isNull();
    }

    @Test
    void aTokenIsNotSentWhereAPasswordIsAskedForNorTheOtherWayRound() {
        Login token = new Login("user", new Login.AccessToken("ya29.a0"), null, false);

        assertThat(new MechanismOffer(List.of("PLAIN", "LOGIN")).best(token)).isNull();
        assertThat(new MechanismOffer(List.of("XOAUTH2", "OAUTHBEARER")).best(loginBy(null)))
                .isNull();
    }

    private static Login loginBy(@Nullable AuthMechanism mechanism) {
        return new Login("user", "password", mechanism, false);
    }
}
