package io.postwatch.controller.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.secret.KeyAgreement.Member;
import io.postwatch.controller.secret.KeyAgreement.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyAgreementTest {
    private static final KekId OLD = new KekId("0".repeat(32));
    private static final KekId NEW = new KekId("a".repeat(32));
    private static final KekId OTHER = new KekId("b".repeat(32));

    @Test
    void nothingChangesWhereNobodyWantsAnother() {
        assertThat(of(member("a", OLD), member("b", OLD, NEW))).isEqualTo(new Outcome.Stay());
        assertThat(of()).isEqualTo(new Outcome.Stay());
        assertThat(of(member("of a release before"))).isEqualTo(new Outcome.Stay());
    }

    @Test
    void allChangeToWhatAllWouldUse() {
        assertThat(of(member("a", NEW, OLD), member("b", NEW, OLD))).isEqualTo(new Outcome.ChangeTo(NEW));
    }

    @Test
    void oneThatDoesNotHaveItHoldsItUpByName() {
        assertThat(of(member("a", NEW, OLD), member("oslo", OLD)))
                .isInstanceOfSatisfying(
                        Outcome.Wait.class,
                        wait -> assertThat(wait.why())
                                .contains("oslo has 00000000")
                                .doesNotContain("a has"));
    }

    @Test
    void oneThatHasItAndWouldUseTheOldOneHoldsItUp() {
        assertThat(of(member("a", NEW, OLD), member("b", OLD, NEW))).isInstanceOf(Outcome.Wait.class);
    }

    @Test
    void oneOfAReleaseBeforeHoldsItUp() {
        assertThat(of(member("a", NEW, OLD), member("b")))
                .isInstanceOfSatisfying(
                        Outcome.Wait.class, wait -> assertThat(wait.why()).contains("knows one key only"));
    }

    @Test
    void twoNewOnesAreNeverChosenBetween() {
        assertThat(of(member("a", NEW, OLD), member("b", OTHER, OLD)))
                .isInstanceOfSatisfying(
                        Outcome.Wait.class, wait -> assertThat(wait.why()).contains("copy the key file of one"));
    }

    private static Outcome of(Member... living) {
        return KeyAgreement.of(OLD, List.of(living));
    }

    private static Member member(String host, KekId... keys) {
        return new Member(host, List.of(keys));
    }
}
