package io.postwatch.controller.gateway;

import static io.postwatch.controller.gateway.BystanderTest.BEFORE_1970;
import static io.postwatch.controller.gateway.BystanderTest.YEAR_10000;
import static io.postwatch.controller.gateway.BystanderTest.duration;
import static io.postwatch.controller.gateway.BystanderTest.now;
import static io.postwatch.controller.gateway.BystanderTest.seconds;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.postwatch.proto.agent.v1.CertificateFindings;
import io.postwatch.proto.agent.v1.CertificateVerdict;
import io.postwatch.proto.agent.v1.ConnectAttempt;
import io.postwatch.proto.agent.v1.Failure;
import io.postwatch.proto.agent.v1.FailureCategory;
import io.postwatch.proto.agent.v1.FailureCode;
import io.postwatch.proto.agent.v1.Gap;
import io.postwatch.proto.agent.v1.Network;
import io.postwatch.proto.agent.v1.Phase;
import io.postwatch.proto.agent.v1.PhaseTiming;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import io.postwatch.proto.agent.v1.Status;
import io.postwatch.proto.agent.v1.Transcript;
import io.postwatch.proto.agent.v1.TranscriptLine;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Records of a spool that make no sense. */
final class BadRecords {
    private static final RowRejection MALFORMED = RowRejection.ROW_REJECTION_MALFORMED;
    private static final RowRejection UNKNOWN_SERIES = RowRejection.ROW_REJECTION_UNKNOWN_SERIES;
    private static final RowRejection IN_FUTURE = RowRejection.ROW_REJECTION_IN_FUTURE;
    private static final RowRejection TOO_OLD = RowRejection.ROW_REJECTION_TOO_OLD;

    private final RunResult good;

    private BadRecords(RunResult good) {
        this.good = good;
    }

    /** One record and why it is refused. */
    record Bad(SpoolRecord record, RowRejection rejection) {}

    /** By what is bad about them, each made from a good one. */
    static Map<String, Bad> of(RunResult good) {
        BadRecords made = new BadRecords(good);
        return made.all();
    }

    private Map<String, Bad> all() {
        Map<String, Bad> bad = new LinkedHashMap<>();
        bad.put("neither a result nor a gap", new Bad(SpoolRecord.getDefaultInstance(), MALFORMED));
        bad.put("a kind of a newer agent", new Bad(newerKind(), MALFORMED));
        bad.put("no series", run(MALFORMED, run -> run.setSeries(0)));
        bad.put("a negative series", run(MALFORMED, run -> run.setSeries(-7)));
        bad.put(
                "a series that was never assigned to anybody",
                run(UNKNOWN_SERIES, run -> run.setSeries(Long.MAX_VALUE)));
        bad.put("a negative revision", run(MALFORMED, run -> run.setRevision(-1)));
        bad.put("an id of 15 bytes", run(MALFORMED, run -> run.setRunId(ByteString.copyFrom(new byte[15]))));
        bad.put("scheduled before 1970", run(MALFORMED, run -> run.setScheduledAt(seconds(BEFORE_1970))));
        bad.put("scheduled in 1970", run(TOO_OLD, run -> run.setScheduledAt(seconds(0))));
        bad.put("scheduled beyond the year 9999", run(MALFORMED, run -> run.setScheduledAt(seconds(YEAR_10000))));
        bad.put("scheduled at the end of time", run(MALFORMED, run -> run.setScheduledAt(seconds(Long.MAX_VALUE))));
        bad.put(
                "scheduled at the beginning of time",
                run(MALFORMED, run -> run.setScheduledAt(seconds(Long.MIN_VALUE))));
        bad.put("scheduled in ten minutes", run(IN_FUTURE, run -> run.setScheduledAt(seconds(now() + 600))));
        bad.put(
                "nanoseconds of more than a second",
                run(
                        MALFORMED,
                        run -> run.setScheduledAt(
                                Timestamp.newBuilder().setSeconds(now()).setNanos(1_000_000_000))));
        bad.put(
                "negative nanoseconds",
                run(
                        MALFORMED,
                        run -> run.setScheduledAt(
                                Timestamp.newBuilder().setSeconds(now()).setNanos(-1))));
        bad.put("started before 1970", run(MALFORMED, run -> run.setStartedAt(seconds(BEFORE_1970))));
        bad.put("a negative duration", run(MALFORMED, run -> run.setTotal(duration(-1, 0))));
        bad.put("a duration of two signs", run(MALFORMED, run -> run.setTotal(duration(-1, 1_500_000_000))));
        bad.put("a duration of more than a day", run(MALFORMED, run -> run.setTotal(duration(86_400, 1))));
        bad.put("a duration without end", run(MALFORMED, run -> run.setTotal(duration(Long.MAX_VALUE, 999_999_999))));
        bad.put("no status", run(MALFORMED, RunResult.Builder::clearStatus));
        bad.put("a status of a newer agent", run(MALFORMED, run -> run.setStatusValue(99)));
        bad.put("an error without a failure", run(MALFORMED, run -> run.setStatus(Status.STATUS_ERROR)));
        bad.put("a success with a failure", run(MALFORMED, run -> run.setFailure(failure())));
        bad.put("a failure code of a newer agent", error(failure().setCodeValue(9_999)));
        bad.put("a failure code that wraps to a known one", error(failure().setCodeValue(65_536 + 20)));
        bad.put("a failure category of a newer agent", error(failure().setCategoryValue(99)));
        bad.put("a failure of another category", error(failure().setCategory(FailureCategory.FAILURE_CATEGORY_DNS)));
        bad.put("a failure in a phase of a newer agent", error(failure().setPhaseValue(99)));
        bad.put(
                "a failure in a phase that wraps to a known one",
                error(failure().setPhaseValue(65_537)));
        bad.put("a phase that is none", phase(PhaseTiming.newBuilder()));
        bad.put(
                "a phase that wraps to a known one",
                phase(PhaseTiming.newBuilder().setPhaseValue(65_537)));
        bad.put(
                "a phase that lasts less than nothing",
                phase(PhaseTiming.newBuilder().setPhase(Phase.PHASE_CONNECT).setDuration(duration(0, -1))));
        bad.put(
                "too many phases",
                run(
                        MALFORMED,
                        run -> run.addAllPhases(Collections.nCopies(
                                65,
                                PhaseTiming.newBuilder()
                                        .setPhase(Phase.PHASE_CONNECT)
                                        .build()))));
        bad.put(
                "an address of five bytes",
                run(
                        MALFORMED,
                        run -> run.setNetwork(Network.newBuilder().addResolved(ByteString.copyFrom(new byte[5])))));
        bad.put(
                "a port that is none",
                run(MALFORMED, run -> run.setNetwork(Network.newBuilder().setRemotePort(65_536))));
        bad.put(
                "a port of more than 31 bits",
                run(MALFORMED, run -> run.setNetwork(Network.newBuilder().setRemotePort(-1))));
        bad.put(
                "an attempt that failed for an unknown reason",
                run(
                        MALFORMED,
                        run -> run.setNetwork(Network.newBuilder()
                                .addAttempts(ConnectAttempt.newBuilder()
                                        .setAddress(ByteString.copyFrom(new byte[4]))
                                        .setFailureValue(777)))));
        bad.put(
                "a fingerprint of 31 bytes",
                chain(CertificateFindings.newBuilder().addChain(ByteString.copyFrom(new byte[31]))));
        bad.put(
                "too many certificates",
                chain(CertificateFindings.newBuilder()
                        .addAllChain(Collections.nCopies(11, ByteString.copyFrom(new byte[32])))));
        bad.put("a verdict on a certificate before the first", chain(verdict(-1)));
        bad.put("a verdict on a certificate that can't be there", chain(verdict(10)));
        bad.put("too many capabilities", run(MALFORMED, run -> run.addAllCapabilities(Collections.nCopies(257, "X"))));
        bad.put(
                "too many lines",
                run(
                        MALFORMED,
                        run -> run.setTranscript(Transcript.newBuilder()
                                .addAllLines(Collections.nCopies(65, TranscriptLine.getDefaultInstance())))));
        bad.put(
                "too long a transcript",
                run(
                        MALFORMED,
                        run -> run.setTranscript(Transcript.newBuilder()
                                .addAllLines(Collections.nCopies(
                                        5,
                                        TranscriptLine.newBuilder()
                                                .setText("x".repeat(4_000))
                                                .build())))));
        bad.put(
                "more bytes left out than can be counted",
                run(MALFORMED, run -> run.setTranscript(Transcript.newBuilder().setDiscardedBytes(-1))));
        bad.put("a gap of more than can be counted", gap(gap -> gap.setCount(-1)));
        bad.put("a gap before 1970", gap(gap -> gap.setFirst(seconds(BEFORE_1970))));
        bad.put("a gap beyond the year 9999", gap(gap -> gap.setLast(seconds(YEAR_10000))));
        bad.put("a gap that ends before it begins", gap(gap -> gap.setFirst(seconds(now()))));
        return bad;
    }

    private Bad run(RowRejection rejection, Consumer<RunResult.Builder> change) {
        RunResult.Builder run = good.toBuilder();
        change.accept(run);
        return new Bad(SpoolRecord.newBuilder().setResult(run).build(), rejection);
    }

    private Bad error(Failure.Builder failure) {
        return run(MALFORMED, run -> run.setStatus(Status.STATUS_ERROR).setFailure(failure));
    }

    private Bad phase(PhaseTiming.Builder phase) {
        return run(MALFORMED, run -> run.addPhases(phase));
    }

    private Bad chain(CertificateFindings.Builder chain) {
        return run(MALFORMED, run -> run.setCertificate(chain));
    }

    private static CertificateFindings.Builder verdict(int position) {
        return CertificateFindings.newBuilder()
                .addVerdicts(CertificateVerdict.newBuilder()
                        .setCode(FailureCode.FAILURE_CODE_EXPIRED)
                        .setPosition(position));
    }

    private static Failure.Builder failure() {
        return Failure.newBuilder()
                .setCategory(FailureCategory.FAILURE_CATEGORY_CONNECT)
                .setCode(FailureCode.FAILURE_CODE_CONNECTION_REFUSED);
    }

    private static Bad gap(Consumer<Gap.Builder> change) {
        Gap.Builder gap = Gap.newBuilder().setCount(3).setFirst(seconds(1_000)).setLast(seconds(2_000));
        change.accept(gap);
        return new Bad(SpoolRecord.newBuilder().setGap(gap).build(), MALFORMED);
    }

    private static SpoolRecord newerKind() {
        try {
            return SpoolRecord.parseFrom(new byte[] {(byte) 0xfa, 0x3f, 1, 7});
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
