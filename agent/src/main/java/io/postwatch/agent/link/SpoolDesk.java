package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.postwatch.agent.link.mapping.ResultMapping;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.ResultSpool;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.CertificateUpload;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RunResult;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session takes from the spool and notes there. Used by the link's thread alone.
 *
 * <p>What a full disk refuses to note is left out: what was not acked in the spool is acked by the next ack that the disk
 * takes, or by the next welcome. The spool itself says that its disk refuses.
 */
final class SpoolDesk {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolDesk.class);

    /** A batch that is to have few records is small, also where these are long: a full one has 250 KiB at most. */
    private static final int BYTES_PER_RECORD = 1024;

    private static final int MAX_UPLOAD_BYTES = 1024 * 1024;
    private static final int FINGERPRINT_BYTES = 32;

    private final ResultSpool spool;

    /**
     * Whether this numbering is not to be used any more, since somebody else gives the same numbers, and the disk has not taken a
     * new one yet. Until it does nothing is sent or acked: it would pass for the other's.
     */
    private boolean renumberingDue;

    SpoolDesk(ResultSpool spool) {
        this.spool = spool;
    }

    /** The records of a lane that follow a sequence; empty where there are none, or a new numbering is due. */
    Optional<ResultBatch> batch(Lane lane, long after, int atMost) {
        if (renumberingDue) {
            return Optional.empty();
        }
        List<SpoolRecord> records = new ArrayList<>();
        unlessRefused(
                "read what is to be sent",
                () -> records.addAll(spool.following(lane, after, atMost, atMost * BYTES_PER_RECORD)));
        if (records.isEmpty()) {
            return Optional.empty();
        }
        ResultBatch.Builder batch = ResultBatch.newBuilder().setLane(ResultMapping.lane(lane));
        for (SpoolRecord record : records) {
            io.postwatch.proto.agent.v1.SpoolRecord.Builder wire =
                    batch.addRecordsBuilder().setSequence(record.sequence());
            switch (record) {
                case SpoolRecord.Run run -> wire.setResult(parse(run));
                case SpoolRecord.Gap gap -> wire.setGap(ResultMapping.gap(gap));
            }
        }
        return Optional.of(batch.build());
    }

    /** What can't be read any more goes up empty, and the controller sets it aside: it must not block the lane. */
    private static RunResult parse(SpoolRecord.Run run) {
        try {
            return RunResult.parseFrom(run.payload());
        } catch (InvalidProtocolBufferException unreadable) {
            LOG.error("Record {} of the spool can't be read", run.sequence(), unreadable);
            return RunResult.getDefaultInstance();
        }
    }

    void ack(Lane lane, long through) {
        if (!renumberingDue) {
            unlessRefused("note an ack", () -> spool.ack(lane, through));
        }
    }

    void unack(Lane lane, long after) {
        if (!renumberingDue) {
            unlessRefused("take back acks", () -> spool.unack(lane, after));
        }
    }

    void setAside(Lane lane, RejectedRow row) {
        LOG.warn("The controller will never store record {} of lane {}: {}", row.getSequence(), lane, row.getMessage());
        unlessRefused(
                "note a rejected record",
                () -> spool.setAside(lane, row.getSequence(), row.getReason() + ": " + row.getMessage()));
    }

    /** Answers whether it was done. */
    private static boolean unlessRefused(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (CompletionException refused) {
            LOG.debug("The spool could not {}: {}", what, refused.getMessage());
            return false;
        }
    }

    /**
     * Begins a new numbering where the controller knows more of this one than was ever given, or has another record under that
     * number: then another process has a copy of this spool, and what it numbered must not pass for what this one did. Where the
     * disk takes no new one it is due from now on, see {@link #renumberIfDue}.
     *
     * @param mark of the record that the controller has; 0: not known
     * @return whether it did
     */
    boolean renumberUnlessGiven(Lane lane, long ackedThrough, long mark) {
        if (renumberingDue || !isGivenElsewhere(lane, ackedThrough, mark)) {
            return false;
        }
        renumberingDue = true;
        if (renumberIfDue()) {
            return true;
        }
        LOG.warn("The disk takes no new numbering now: nothing that is kept is sent until it does; it is tried again");
        return false;
    }

    /**
     * Tries again to begin the new numbering that is due.
     *
     * @return whether it began
     */
    boolean renumberIfDue() {
        if (!renumberingDue) {
            return false;
        }
        renumberingDue = !unlessRefused("begin a new numbering", spool::startAnew);
        return !renumberingDue;
    }

    private boolean isGivenElsewhere(Lane lane, long ackedThrough, long mark) {
        if (ackedThrough > spool.lastSequence(lane)) {
            LOG.warn(
                    "The controller knows record {} of lane {}, which this spool never gave: it begins a new numbering",
                    ackedThrough,
                    lane);
        } else if (isAnother(lane, ackedThrough, mark)) {
            LOG.warn(
                    "Record {} of lane {} is another one at the controller: a copy of this agent's state runs elsewhere;"
                            + " this spool begins a new numbering",
                    ackedThrough,
                    lane);
        } else {
            return false;
        }
        return true;
    }

    /** Where the record is gone it was acked before, and nothing is taken for stored by this ack. */
    private boolean isAnother(Lane lane, long sequence, long mark) {
        if (mark == 0 || sequence < 1) {
            return false;
        }
        return spool.following(lane, sequence - 1, 1, 1).stream()
                .filter(record -> record.sequence() == sequence)
                .anyMatch(record -> mark(record) != mark);
    }

    /** As the controller has it, see the protocol's {@code Ack}. */
    private static long mark(SpoolRecord record) {
        return switch (record) {
            case SpoolRecord.Run run -> {
                ByteString id = parse(run).getRunId();
                yield id.size() == Long.BYTES * 2 ? WireValues.uuid(id).getLeastSignificantBits() : 0;
            }
            case SpoolRecord.Gap gap -> gap.count() + 1;
        };
    }

    /** Those of the wanted certificates that are still kept, in messages of a size that a controller takes. */
    List<AgentMessage> uploads(List<ByteString> fingerprints) {
        List<AgentMessage> uploads = new ArrayList<>();
        CertificateUpload.Builder upload = CertificateUpload.newBuilder();
        int bytes = 0;
        for (ByteString fingerprint : fingerprints) {
            Optional<byte[]> der = certificate(fingerprint);
            if (der.isEmpty()) {
                continue;
            }
            upload.addCertificates(ByteString.copyFrom(der.get()));
            bytes += der.get().length;
            if (bytes > MAX_UPLOAD_BYTES) {
                uploads.add(message(upload));
                upload.clear();
                bytes = 0;
            }
        }
        if (upload.getCertificatesCount() > 0) {
            uploads.add(message(upload));
        }
        return uploads;
    }

    private Optional<byte[]> certificate(ByteString fingerprint) {
        return fingerprint.size() == FINGERPRINT_BYTES
                ? spool.certificate(new Fingerprint(HexFormat.of().formatHex(fingerprint.toByteArray())))
                : Optional.empty();
    }

    private static AgentMessage message(CertificateUpload.Builder upload) {
        return AgentMessage.newBuilder().setCertificateUpload(upload).build();
    }
}
