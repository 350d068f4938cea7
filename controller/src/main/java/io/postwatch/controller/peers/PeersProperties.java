package io.postwatch.controller.peers;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How controllers on one database hear of each other.
 *
 * @param poll how often each looks for what the others told; what is told arrives within about twice this, whatever
 *     happens to the hints
 * @param hints whether a controller that told something also says so by NOTIFY, and listens on a connection of its own: to
 *     be switched off where a pool stands before the database that doesn't support it
 * @param kept how long notes are kept: who didn't read for longer is told that it missed some
 */
@ConfigurationProperties("postwatch.peers")
record PeersProperties(
        @DefaultValue("400ms") Duration poll,
        @DefaultValue("true") boolean hints,
        @DefaultValue("2m") Duration kept) {
    PeersProperties {
        if (poll.toMillis() < 1 || !kept.isPositive()) {
            throw new IllegalArgumentException("postwatch.peers.poll and postwatch.peers.kept are positive");
        }
    }
}
