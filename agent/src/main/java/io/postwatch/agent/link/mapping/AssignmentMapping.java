package io.postwatch.agent.link.mapping;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.MonitorId;
import io.postwatch.agent.assignment.RejectionReason;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.localsecret.LocalSecretException;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RunTest;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assignments between the protocol and the agent's records. What this agent can't run becomes a rejection with its
 * reason, never an exception: one bad assignment must not keep the others from running.
 */
public final class AssignmentMapping {

    /** What can't be run, with the reason that the controller is told. */
    public static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1;

        private final RejectionReason reason;

        UnusableException(RejectionReason reason, String message) {
            super(message);
            this.reason = reason;
        }

        RejectionReason reason() {
            return reason;
        }
    }

    private final CredentialCheck credentials;

    /** Makes a mapping that tries whether secrets open. */
    public AssignmentMapping(CredentialCheck credentials) {
        this.credentials = credentials;
    }

    /** What the controller assigned, as an assignment that can be run or as a rejection. */
    public AssignedItem item(io.postwatch.proto.agent.v1.Assignment wire) {
        SeriesId series = new SeriesId(wire.getSeries());
        try {
            Assignment assignment = assignment(wire);
            SealedSecret secret = assignment.secret();
            if (secret != null) {
                tryOpening(
                        secret,
                        assignment.check(),
                        ByteBuffer.allocate(Long.BYTES).putLong(series.value()).array());
            }
            return new AssignedItem.Accepted(assignment);
        } catch (UnusableException unusable) {
            return rejected(series, wire.getRevision(), unusable.reason(), unusable.getMessage());
        } catch (IllegalArgumentException | ArithmeticException invalid) {
            return rejected(series, wire.getRevision(), RejectionReason.INVALID, invalid.getMessage());
        }
    }

    private static AssignedItem rejected(
            SeriesId series, long revision, RejectionReason reason, @Nullable String message) {
        return new AssignedItem.Rejected(
                series, revision, reason, Objects.requireNonNullElse(message, "The assignment makes no sense."));
    }

    private void tryOpening(SealedSecret secret, Check check, byte[] purpose) throws UnusableException {
        try {
            if (!Arrays.equals(secret.purpose(), purpose)) {
                throw new GeneralSecurityException("the secret was sealed for another purpose");
            }
            credentials.check(secret, check);
        } catch (GeneralSecurityException unreadable) {
            throw new UnusableException(
                    RejectionReason.SECRET_UNREADABLE,
                    "The sealed credentials can't be opened: " + unreadable.getMessage());
        } catch (LocalSecretException notAllowed) {
            throw new UnusableException(RejectionReason.LOCAL_SECRET_NOT_ALLOWED, notAllowed.sentence());
        }
    }

    static Assignment assignment(io.postwatch.proto.agent.v1.Assignment wire) throws UnusableException {
        return new Assignment(
                new SeriesId(wire.getSeries()),
                wire.getRevision(),
                new MonitorId(WireValues.uuid(wire.getMonitorId())),
                wire.getShare(),
                WireValues.duration(wire.getPeriod()),
                WireValues.duration(wire.getAnchor()),
                CheckMapping.check(wire.getCheck()),
                wire.hasSecret() ? secret(wire.getSecret()) : null);
    }

    static SealedSecret secret(io.postwatch.proto.agent.v1.SealedSecret wire) {
        return new SealedSecret(
                wire.getKeyFingerprint().toByteArray(),
                wire.getSealed().toByteArray(),
                wire.getPurpose().toByteArray());
    }

    /**
     * The secret of a monitor test; null exactly where the test doesn't log in. One that was sealed for a series, or for
     * another test, is refused: it could carry a password to a host that it was never meant for.
     */
    public static @Nullable SealedSecret testSecret(RunTest wire) throws UnusableException {
        if (wire.getCheck().hasLogin() != wire.hasSecret()) {
            throw new UnusableException(
                    RejectionReason.INVALID,
                    "A test that logs in needs sealed credentials, and only such a test has them.");
        }
        if (!wire.hasSecret()) {
            return null;
        }
        if (!wire.getSecret().getPurpose().equals(wire.getTestId())) {
            throw new UnusableException(
                    RejectionReason.SECRET_UNREADABLE, "The credentials were sealed for another purpose.");
        }
        return secret(wire.getSecret());
    }

    static io.postwatch.proto.agent.v1.Assignment wire(Assignment assignment) {
        io.postwatch.proto.agent.v1.Assignment.Builder wire = io.postwatch.proto.agent.v1.Assignment.newBuilder()
                .setSeries(assignment.series().value())
                .setRevision(assignment.revision())
                .setMonitorId(WireValues.bytes(assignment.monitor().value()))
                .setShare(assignment.share())
                .setPeriod(WireValues.duration(assignment.period()))
                .setAnchor(WireValues.duration(assignment.anchor()))
                .setCheck(CheckMapping.wire(assignment.check()));
        SealedSecret secret = assignment.secret();
        if (secret != null) {
            wire.setSecret(io.postwatch.proto.agent.v1.SealedSecret.newBuilder()
                    .setKeyFingerprint(ByteString.copyFrom(secret.keyFingerprint()))
                    .setSealed(ByteString.copyFrom(secret.sealed()))
                    .setPurpose(ByteString.copyFrom(secret.purpose())));
        }
        return wire.build();
    }

    public static RejectedAssignment wire(AssignedItem.Rejected rejected) {
        return RejectedAssignment.newBuilder()
                .setSeries(rejected.series().value())
                .setRevision(rejected.revision())
                .setReason(
                        switch (rejected.reason()) {
                            case UNSUPPORTED ->
                                io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_UNSUPPORTED;
                            case INVALID -> io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_INVALID;
                            case SECRET_UNREADABLE ->
                                io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_SECRET_UNREADABLE;
                            case LOCAL_SECRET_NOT_ALLOWED ->
                                io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_LOCAL_SECRET_NOT_ALLOWED;
                        })
                .setMessage(rejected.message())
                .build();
    }

    static AssignedItem.Rejected rejected(RejectedAssignment wire) {
        RejectionReason reason = switch (wire.getReason()) {
            case REJECTION_REASON_UNSUPPORTED -> RejectionReason.UNSUPPORTED;
            case REJECTION_REASON_SECRET_UNREADABLE -> RejectionReason.SECRET_UNREADABLE;
            case REJECTION_REASON_LOCAL_SECRET_NOT_ALLOWED -> RejectionReason.LOCAL_SECRET_NOT_ALLOWED;
            case REJECTION_REASON_INVALID, REJECTION_REASON_OVER_CAPACITY, REJECTION_REASON_UNSPECIFIED, UNRECOGNIZED ->
                RejectionReason.INVALID;
        };
        return new AssignedItem.Rejected(new SeriesId(wire.getSeries()), wire.getRevision(), reason, wire.getMessage());
    }
}
