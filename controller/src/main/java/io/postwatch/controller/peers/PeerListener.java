package io.postwatch.controller.peers;

import java.util.Set;

/**
 * Hears what other controllers tell. Called by the one thread that reads, in the order in which each of them told it; never
 * waits for long. A note may come twice, and may come although its change was undone since: it says what to look at.
 */
public interface PeerListener {
    /** Of which it wants to hear. No other listener has them. */
    Set<String> topics();

    void hear(PeerNote note);

    /** Notes may have been left out: whatever they could have said is to be looked at anew. */
    void missed();
}
