package io.postwatch.agent.spool;

import io.postwatch.agent.probe.certificate.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Keeps results until the controller has stored them: each is stored durably, numbered once, sent, acked, and told as a
 * gap where it had to be dropped. What a method notes is durable when it returns; where the disk refuses it throws a
 * {@link CompletionException}, except {@link #store}, which counts the result for a gap then.
 */
public interface ResultSpool {

    /** Names the present numbering. Changes when a new numbering had to begin; sessions then begin anew. */
    SpoolId id();

    /** Records that are not acked. */
    long unackedRows();

    /** Stores one result durably before it returns. */
    void store(RunRow row);

    /**
     * The records of a lane that follow a sequence, in order and without holes, numbering fresh ones where needed.
     *
     * @param maxBytes is exceeded by a single record only
     */
    List<SpoolRecord> following(Lane lane, long sequence, int maxRecords, int maxBytes);

    /** Everything of the lane up to this sequence is stored by the controller. */
    void ack(Lane lane, long throughSequence);

    /** The controller lost what it had acked beyond this sequence: it is kept again until it is acked again. */
    void unack(Lane lane, long afterSequence);

    /** The last sequence given in this lane. */
    long lastSequence(Lane lane);

    /** Keeps a record that the controller will never store where a person can look at it. */
    void setAside(Lane lane, long sequence, String reason);

    /**
     * The newest scheduled time, in whole milliseconds, of the results that earlier processes stored last, of those up to the
     * bound. Empty also where they can't be read, twice: an agent starts without it.
     */
    Optional<Instant> newestScheduledAt(Instant upTo);

    /** The certificate, where it is still kept. */
    Optional<byte[]> certificate(Fingerprint fingerprint);

    /**
     * Begins a new numbering: the controller knows sequences of this one that were never given. All results that are kept
     * are to be sent, also those that were acked.
     */
    void startAnew();
}
