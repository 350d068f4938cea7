package io.postwatch.agent.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.selfcheck.PortEgress.Answer;
import io.postwatch.agent.selfcheck.PortEgress.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortEgressTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MINUTE = 60 * SECOND;

    private final PortEgress smtp = PortEgress.unknown(25);

    @Test
    void nobodyKnowsAtFirst() {
        assertThat(smtp.blockedBecause(0)).isNull();
        assertThat(smtp.isRoundDue(0)).isTrue();
    }

    @Test
    void noneOfTheHostsIsEnough() {
        assertThat(smtp.asked(Answer.NONE, 0).blockedBecause(SECOND)).contains("none of the hosts");
        assertThat(PortEgress.unknown(587).asked(Answer.NONE, 0).blockedBecause(SECOND))
                .isNotNull();
        assertThat(smtp.asked(Answer.NONE, 0).asked(Answer.SOME, MINUTE).blockedBecause(MINUTE))
                .isNull();
    }

    @Test
    void whatTheHostsSaidIsForgottenWhereItIsNotRenewed() {
        PortEgress blocked = smtp.asked(Answer.NONE, 0);
        assertThat(blocked.blockedBecause(10 * MINUTE - 1)).isNotNull();
        assertThat(blocked.blockedBecause(10 * MINUTE)).isNull();
    }

    @Test
    void aConnectionSinceSaysMoreThanTheHosts() {
        PortEgress blocked = smtp.attempted("a", Outcome.CONNECTED, 0).asked(Answer.NONE, SECOND);
        assertThat(blocked.blockedBecause(2 * SECOND)).isNotNull();
        assertThat(blocked.attempted("a", Outcome.CONNECTED, 2 * SECOND).blockedBecause(3 * SECOND))
                .isNull();
    }

    /** It may be that host which is down. */
    @Test
    void oneSilentHostSaysLessThanAConnectionLately() {
        assertThat(smtp.asked(Answer.ONE_SILENT, 0).blockedBecause(SECOND)).contains("the host that is asked");
        PortEgress connected = smtp.attempted("a", Outcome.CONNECTED, 0).asked(Answer.ONE_SILENT, SECOND);
        assertThat(connected.blockedBecause(2 * SECOND)).isNull();
        assertThat(connected.attempted("a", Outcome.TIMED_OUT, 3 * SECOND).blockedBecause(4 * SECOND))
                .isNotNull();
    }

    @Test
    void withoutHostsThreeNetworksThatAreSilentAreEnough() {
        PortEgress two = silent(smtp, "a", "b");
        assertThat(two.blockedBecause(SECOND)).isNull();
        assertThat(silent(two, "b").blockedBecause(SECOND)).isNull();
        assertThat(silent(two, "c").blockedBecause(SECOND)).contains("of the last 3 networks");
        assertThat(silent(two, "c").asked(Answer.UNKNOWN, 0).blockedBecause(SECOND))
                .isNotNull();
    }

    @Test
    void hostsThatAnswerSayMoreThanSilentNetworks() {
        assertThat(silent(smtp, "a", "b", "c").asked(Answer.SOME, SECOND).blockedBecause(SECOND))
                .isNull();
    }

    @Test
    void oneRefusalLatelyIsEnoughAgainstIt() {
        PortEgress mixed = silent(smtp.attempted("d", Outcome.OTHERWISE, 0), "a", "b", "c");
        assertThat(mixed.blockedBecause(10 * MINUTE - 1)).isNull();
        PortEgress later = mixed.attempted("a", Outcome.TIMED_OUT, 10 * MINUTE)
                .attempted("b", Outcome.TIMED_OUT, 10 * MINUTE)
                .attempted("c", Outcome.TIMED_OUT, 10 * MINUTE);
        assertThat(later.blockedBecause(10 * MINUTE)).isNotNull();
    }

    @Test
    void wherePortWasOpenFiveNetworksThatWereHeardAndFallSilentAreEnough() {
        PortEgress open = smtp;
        for (String network : List.of("a", "b", "c", "d", "e")) {
            open = open.attempted(network, Outcome.CONNECTED, 0);
        }
        PortEgress four = silentAt(60 * MINUTE, open, "a", "b", "c", "d", "never heard");
        assertThat(four.blockedBecause(60 * MINUTE)).isNull();
        PortEgress five = silentAt(61 * MINUTE, four, "e");
        assertThat(five.blockedBecause(61 * MINUTE)).contains("networks tried there none answered");
        assertThat(five.attempted("b", Outcome.OTHERWISE, 62 * MINUTE).blockedBecause(62 * MINUTE))
                .as("somebody answers")
                .isNull();
    }

    /** What never answered may just not be there. */
    @Test
    void wherePortWasOpenTheSilenceOfWhoWasNeverHeardIsTheServers() {
        PortEgress open = smtp.attempted("a", Outcome.CONNECTED, 0);
        for (int i = 0; i < 100; i++) {
            open = open.attempted("network " + i, Outcome.TIMED_OUT, 60 * MINUTE);
        }
        assertThat(open.blockedBecause(60 * MINUTE)).isNull();
        PortEgress answered = smtp.asked(Answer.SOME, 0);
        assertThat(silentAt(60 * MINUTE, answered, "a", "b", "c").blockedBecause(60 * MINUTE))
                .isNull();
    }

    @Test
    void whatWasLongAgoDoesNotCount() {
        assertThat(silent(smtp, "a", "b", "c").blockedBecause(10 * MINUTE)).isNull();
    }

    @Test
    void onlyPort25IsGuessed() {
        assertThat(silent(PortEgress.unknown(993), "a", "b", "c").blockedBecause(SECOND))
                .isNull();
    }

    @Test
    void theHostsAreAskedEveryFiveMinutes() {
        PortEgress asked = smtp.asked(Answer.SOME, 0);
        assertThat(asked.isRoundDue(5 * MINUTE - 1)).isFalse();
        assertThat(asked.isRoundDue(5 * MINUTE)).isTrue();
    }

    @Test
    void theyAreAskedSoonerWhereConnectionsBeginToFailEverywhere() {
        PortEgress failing = silent(smtp.asked(Answer.SOME, 0).attempted("a", Outcome.CONNECTED, 0), "b", "c");
        assertThat(failing.isRoundDue(2 * MINUTE)).as("one still connects").isFalse();
        PortEgress everywhere = failing.attempted("a", Outcome.OTHERWISE, SECOND);
        assertThat(everywhere.isRoundDue(MINUTE - 1)).isFalse();
        assertThat(everywhere.isRoundDue(MINUTE)).isTrue();
        PortEgress answered = everywhere.asked(Answer.NONE, MINUTE).attempted("a", Outcome.TIMED_OUT, MINUTE);
        assertThat(answered.isRoundDue(3 * MINUTE))
                .as("they only go on failing")
                .isFalse();
    }

    @Test
    void itRemembersABoundedNumberOfNetworks() {
        PortEgress many = smtp;
        for (int i = 0; i < 100; i++) {
            many = many.attempted("n" + i, Outcome.TIMED_OUT, i);
        }
        assertThat(many.attempts()).hasSize(64).last().returns("n99", PortEgress.Attempt::network);
    }

    private static PortEgress silent(PortEgress before, String... networks) {
        return silentAt(0, before, networks);
    }

    private static PortEgress silentAt(long now, PortEgress before, String... networks) {
        PortEgress after = before;
        for (String network : networks) {
            after = after.attempted(network, Outcome.TIMED_OUT, now);
        }
        return after;
    }
}
