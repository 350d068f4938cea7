package io.postwatch.agent.probe;

import io.postwatch.agent.probe.time.Deadline;
import java.time.Duration;

/** A way to find the texts of a name. Called by many threads at once. */
@FunctionalInterface
public interface TextLookup {

    /** A moment longer than the slow resolvers of large networks take, and less than whoever asks waits. */
    Duration LIMIT = Duration.ofSeconds(5);

    /** Returns at the latest when the deadline passes or is cancelled, and shortly after the thread is interrupted. */
    TextAnswer texts(ChallengeName name, Deadline deadline);
}
