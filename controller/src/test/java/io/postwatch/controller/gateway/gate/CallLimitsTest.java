package io.postwatch.controller.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.gateway.gate.CallLimits.Kind;
import io.postwatch.controller.gateway.gate.CallLimits.Rates;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
    private static final InetAddress HERE = address("192.0.2.1");
    private static final InetAddress THERE = address("192.0.2.2");

    private long now;
    private final CallLimits limits = new CallLimits(new Rates(10, 20, 1_000, 1_000, 10), () -> now);

    @Test
    void whoAsksTooOftenHearsWhenToComeAgainAndGetsInThen() {
        assertThat(taken(Kind.ENROLMENT, HERE, 100)).isEqualTo(20);
        Duration wait = limits.take(Kind.ENROLMENT, HERE);
        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMillis(100));
        assertThat(limits.take(Kind.ENROLMENT, THERE))
                .as("from another address")
                .isZero();
        assertThat(limits.take(Kind.RENEWAL, HERE)).as("another call").isZero();

        now += wait.toNanos();
        assertThat(limits.take(Kind.ENROLMENT, HERE)).isZero();
        pass(Duration.ofHours(1));
        assertThat(taken(Kind.ENROLMENT, HERE, 100))
                .as("what was not used is not kept")
                .isEqualTo(20);
    }

    @Test
    void whoIsRefusedPaysNothing() {
        taken(Kind.ENROLMENT, HERE, 100_000);
        pass(Duration.ofSeconds(1));
        assertThat(taken(Kind.ENROLMENT, HERE, 100)).isEqualTo(10);
    }

    @Test
    void whoGuessesPaysForManyAndDoesNotKeepItsNeighboursFromRenewing() {
        int guesses = 0;
        for (int tenth = 0; tenth < 600; tenth++) {
            if (limits.take(Kind.ENROLMENT, HERE).isZero()) {
                limits.wrong(Kind.ENROLMENT, HERE);
                guesses++;
            }
            pass(Duration.ofMillis(100));
        }
        assertThat(guesses).as("in a minute").isLessThan(61);
        assertThat(limits.take(Kind.RENEWAL, HERE)).isZero();
    }

    @Test
    void aDebtIsBounded() {
        for (int n = 0; n < 1_000; n++) {
            limits.wrong(Kind.ENROLMENT, HERE);
        }
        assertThat(limits.take(Kind.ENROLMENT, HERE)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void anIpv6NetworkCountsAsOne() {
        int taken = 0;
        for (int host = 1; host <= 100; host++) {
            taken += limits.take(Kind.RENEWAL, address("2001:db8:0:1::" + Integer.toHexString(host)))
                            .isZero()
                    ? 1
                    : 0;
        }
        assertThat(taken).isEqualTo(20);
        assertThat(limits.take(Kind.RENEWAL, address("2001:db8:0:2::1"))).isZero();
    }

    @Test
    void manyNetworksTogetherAreBoundedInCallsAndInMemory() {
        int taken = 0;
        for (int n = 0; n < 2 * CallLimits.MOST_NETWORKS; n++) {
            taken += limits.take(Kind.RENEWAL, address("10." + (n >> 16) + "." + (n >> 8 & 255) + "." + (n & 255)))
                            .isZero()
                    ? 1
                    : 0;
        }
        assertThat(taken).isEqualTo(1_000);
        assertThat(limits.networks(Kind.RENEWAL)).isEqualTo(CallLimits.MOST_NETWORKS);
    }

    /** They cost next to nothing, and whoever asks from many addresses would keep all agents from renewing. */
    @Test
    void noncesAreBoundedByNetworkAlone() {
        for (int n = 0; n < 2_000; n++) {
            limits.take(Kind.CHALLENGE, address("10.0." + (n >> 8) + "." + (n & 255)));
        }
        assertThat(limits.take(Kind.CHALLENGE, HERE)).isZero();
        assertThat(taken(Kind.CHALLENGE, THERE, 100)).isEqualTo(40);
    }

    /** With the limits as they are shipped, and agents that come again within a minute. */
    @Test
    void tenThousandAgentsBehindOneAddressAllRenewSoonAfterAnOutage() {
        CallLimits shipped = new CallLimits(new Rates(100, 1_000, 400, 4_000, 100), () -> now);
        int left = 10_000;
        int seconds = 0;
        while (left > 0) {
            int asking = Math.min(left, Math.ceilDiv(10_000, 60));
            for (int n = 0; n < asking; n++) {
                if (shipped.take(Kind.CHALLENGE, HERE).isZero()
                        && shipped.take(Kind.RENEWAL, HERE).isZero()) {
                    left--;
                }
            }
            pass(Duration.ofSeconds(1));
            seconds++;
        }
        assertThat(seconds).isLessThan(120);
    }

    private int taken(Kind kind, InetAddress from, int calls) {
        int taken = 0;
        for (int n = 0; n < calls; n++) {
            taken += limits.take(kind, from).isZero() ? 1 : 0;
        }
        return taken;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException notALiteral) {
            throw new AssertionError(notALiteral);
        }
    }
}
