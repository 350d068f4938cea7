package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MechanismOfferTest {

    @Test
    void theMostPreferredThatBothSidesKnowIsChosenWhateverTheServersOrder() {
        MechanismOffer offer = new MechanismOffer(List.of("XOAUTH2", "login", "Plain"));

        assertThat(offer.best(null)).isEqualTo(AuthMechanism.PLAIN);
        assertThat(offer.best(AuthMechanism.LOGIN)).isEqualTo(AuthMechanism.LOGIN);
        assertThat(new MechanismOffer(List.of("LOGIN")).best(null)).isEqualTo(AuthMechanism.LOGIN);
    }

    @Test
    void nothingElseIsChosenThanWhatIsWanted() {
        assertThat(new MechanismOffer(List.of("LOGIN")).best(AuthMechanism.PLAIN))
                .isNull();
        assertThat(new MechanismOffer(List.of("XOAUTH2", "PLAIN-CLIENTTOKEN")).best(null))
                .isNull();
        assertThat(new MechanismOffer(List.of()).best(null)).isNull();
    }
}
