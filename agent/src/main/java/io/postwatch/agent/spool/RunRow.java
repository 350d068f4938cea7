package io.postwatch.agent.spool;

import io.postwatch.agent.probe.certificate.CapturedCertificate;
import java.time.Instant;
import java.util.List;

/** One result on its way into the spool. */
public final class RunRow {

    private final Instant scheduledAt;
    private final boolean ok;
    private final byte[] payload;
    private final List<CapturedCertificate> certificates;

    /**
     * Describes one result.
     *
     * @param scheduledAt for gap records, should it be dropped
     * @param ok whether it goes first when the spool is full
     * @param payload the encoded result; not copied
     * @param certificates of the chain it names, for the controller to ask for
     */
    public RunRow(Instant scheduledAt, boolean ok, byte[] payload, List<CapturedCertificate> certificates) {
        this.scheduledAt = scheduledAt;
        this.ok = ok;
        this.payload = payload;
        this.certificates = List.copyOf(certificates);
    }

    Instant scheduledAt() {
        return scheduledAt;
    }

    boolean ok() {
        return ok;
    }

    byte[] payload() {
        return payload;
    }

    List<CapturedCertificate> certificates() {
        return certificates;
    }
}
