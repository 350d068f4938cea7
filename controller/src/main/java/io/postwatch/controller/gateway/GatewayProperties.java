package io.postwatch.controller.gateway;

import io.postwatch.controller.liveness.DeadControllers;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How sessions are kept.
 *
 * @param heartbeatInterval how often an agent shows that it lives
 * @param missedHeartbeats after how many without one its session is over
 * @param admissionsPerSecond how many agents are let in: all of 10,000 within twenty seconds, where the database keeps up
 * @param admissionsAtOnce how many hellos are judged at the same time: less than half of the connections to the database
 * @param admissionPatience for how long a hello waits in all: for an earlier one of its agent, for its turn and for its
 *     place. Whoever waits has paid for its connection already, and to come again would cost both sides another handshake;
 *     but after {@link DeadControllers#GRACE} its agent would count as lost all the same
 * @param batchesAtOnce how many batches of results are stored at the same time: more make PostgreSQL no faster on few
 *     cores, and each holds a connection
 * @param waitingBytes of batches that wait to be stored, as they came over the wire: where it is more, an agent of which
 *     a fresh one waits is not listened to until that one is stored; one whose back-fill alone waits is, unless fresh
 *     results alone are more
 * @param drain how long a stopping controller waits for its agents to go by themselves, and then for each other thing
 *     that holds up its end
 * @param idleConnection how long a connection may stand without a call; a session is a call
 */
@ConfigurationProperties("postwatch.gateway")
record GatewayProperties(
        @DefaultValue("8s") Duration heartbeatInterval,
        @DefaultValue("3") int missedHeartbeats,
        @DefaultValue("500") int admissionsPerSecond,
        @DefaultValue("4") int admissionsAtOnce,
        @DefaultValue("50s") Duration admissionPatience,
        @DefaultValue("4") int batchesAtOnce,
        @DefaultValue("64MB") DataSize waitingBytes,
        @DefaultValue("2s") Duration drain,
        @DefaultValue("1m") Duration idleConnection) {
    /** A few transactions, of which each may wait for a connection and for its answer. */
    private static final Duration JUDGING = Duration.ofMinutes(2);

    GatewayProperties {
        if (!heartbeatInterval.isPositive()
                || missedHeartbeats < 1
                || admissionsPerSecond < 1
                || admissionsAtOnce < 1
                || !admissionPatience.isPositive()
                || batchesAtOnce < 1
                || waitingBytes.toBytes() < 1
                || drain.isNegative()
                || !idleConnection.isPositive()) {
            throw new IllegalArgumentException("postwatch.gateway.* are positive");
        }
        if (admissionPatience.compareTo(DeadControllers.GRACE) >= 0) {
            throw new IllegalArgumentException("postwatch.gateway.admission-patience is below "
                    + DeadControllers.GRACE.toSeconds()
                    + " s: an agent that waits for longer counts as lost before its hello is judged");
        }
    }

    /** How long it takes at most from a hello to its answer; what takes longer is lost. */
    Duration judgedWithin() {
        return admissionPatience.plus(JUDGING);
    }

    Duration silence() {
        return heartbeatInterval.multipliedBy(missedHeartbeats);
    }
}
