package io.postwatch.agent.link.mapping;

import com.google.protobuf.ByteString;
import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.TlsFindings;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.time.PhaseTiming;
import io.postwatch.agent.schedule.FinishedRun;
import io.postwatch.agent.schedule.TestId;
import io.postwatch.agent.spool.GapReason;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.CertificateVerdict;
import io.postwatch.proto.agent.v1.ConnectAttempt;
import io.postwatch.proto.agent.v1.Direction;
import io.postwatch.proto.agent.v1.FailureCategory;
import io.postwatch.proto.agent.v1.FailureCode;
import io.postwatch.proto.agent.v1.Gap;
import io.postwatch.proto.agent.v1.Network;
import io.postwatch.proto.agent.v1.Phase;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.TestOutcome;
import io.postwatch.proto.agent.v1.Tls;
import io.postwatch.proto.agent.v1.TranscriptLine;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Results as the protocol has them. The codes have the same names on both sides; a test goes through all of them. */
public final class ResultMapping {

    private ResultMapping() {}

    public static RunResult run(FinishedRun run) {
        return result(run.result())
                .setSeries(run.series().value())
                .setRevision(run.revision())
                .setRunId(WireValues.bytes(run.runId()))
                .setScheduledAt(WireValues.timestamp(run.scheduledAt()))
                .setStartedAt(WireValues.timestamp(run.startedAt()))
                .setClockSuspect(run.clockSuspect())
                .setTriggered(run.triggered())
                .build();
    }

    public static TestOutcome test(TestId test, UUID runId, Instant startedAt, ProbeResult result) {
        TestOutcome.Builder outcome = TestOutcome.newBuilder()
                .setTestId(WireValues.bytes(test.value()))
                .setResult(result(result)
                        .setRunId(WireValues.bytes(runId))
                        .setScheduledAt(WireValues.timestamp(startedAt))
                        .setStartedAt(WireValues.timestamp(startedAt))
                        .setTriggered(true));
        for (CapturedCertificate certificate : certificates(result)) {
            outcome.addChain(ByteString.copyFrom(certificate.der()));
        }
        return outcome.build();
    }

    /** The chain of a result; empty where the server sent none. */
    public static List<CapturedCertificate> certificates(ProbeResult result) {
        CertificateFindings findings = result.certificate();
        return findings == null ? List.of() : findings.chain();
    }

    public static io.postwatch.proto.agent.v1.Lane lane(Lane lane) {
        return switch (lane) {
            case LIVE -> io.postwatch.proto.agent.v1.Lane.LANE_LIVE;
            case BACK_FILL -> io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL;
        };
    }

    public static Gap gap(SpoolRecord.Gap gap) {
        return Gap.newBuilder()
                .setCount(gap.count())
                .setFirst(WireValues.timestamp(gap.first()))
                .setLast(WireValues.timestamp(gap.last()))
                .setReason(gapReason(gap.reason()))
                .build();
    }

    private static io.postwatch.proto.agent.v1.GapReason gapReason(GapReason reason) {
        return switch (reason) {
            case SPOOL_FULL -> io.postwatch.proto.agent.v1.GapReason.GAP_REASON_SPOOL_FULL;
            case TOO_OLD -> io.postwatch.proto.agent.v1.GapReason.GAP_REASON_TOO_OLD;
            case SPOOL_DAMAGED -> io.postwatch.proto.agent.v1.GapReason.GAP_REASON_SPOOL_DAMAGED;
        };
    }

    private static RunResult.Builder result(ProbeResult result) {
        RunResult.Builder run = RunResult.newBuilder()
                .setTotal(WireValues.duration(result.total()))
                .setStatus(status(result.status()))
                .setGreeting(result.greeting())
                .addAllCapabilities(result.capabilities());
        Failure failure = result.failure();
        if (failure != null) {
            run.setFailure(failure(failure));
        }
        for (PhaseTiming phase : result.phases()) {
            run.addPhases(io.postwatch.proto.agent.v1.PhaseTiming.newBuilder()
                    .setPhase(phase(phase.phase()))
                    .setStart(WireValues.duration(phase.start()))
                    .setDuration(WireValues.duration(phase.duration())));
        }
        NetworkFindings network = result.network();
        if (network != null) {
            run.setNetwork(network(network));
        }
        TlsFindings tls = result.tls();
        if (tls != null) {
            run.setTls(Tls.newBuilder().setProtocol(tls.protocol()).setCipher(tls.cipher()));
        }
        CertificateFindings certificate = result.certificate();
        if (certificate != null) {
            run.setCertificate(certificate(certificate));
        }
        io.postwatch.agent.probe.sasl.AuthMechanism mechanism = result.authMechanism();
        if (mechanism != null) {
            run.setAuthMechanism(mechanism(mechanism));
        }
        Transcript transcript = result.transcript();
        if (!transcript.lines().isEmpty() || transcript.discardedBytes() > 0) {
            run.setTranscript(transcript(transcript));
        }
        return run;
    }

    private static io.postwatch.proto.agent.v1.Failure failure(Failure failure) {
        io.postwatch.proto.agent.v1.Failure.Builder wire = io.postwatch.proto.agent.v1.Failure.newBuilder()
                .setCategory(FailureCategory.valueOf(
                        "FAILURE_CATEGORY_" + failure.code().category().name()))
                .setCode(code(failure.code()))
                .setMessage(failure.message())
                .setServerReply(failure.serverReply());
        io.postwatch.agent.probe.time.Phase phase = failure.phase();
        if (phase != null) {
            wire.setPhase(phase(phase));
        }
        return wire.build();
    }

    static FailureCode code(io.postwatch.agent.probe.failure.FailureCode code) {
        return FailureCode.valueOf("FAILURE_CODE_" + code.name());
    }

    static Phase phase(io.postwatch.agent.probe.time.Phase phase) {
        return Phase.valueOf("PHASE_" + phase.name());
    }

    public static AuthMechanism mechanism(io.postwatch.agent.probe.sasl.AuthMechanism mechanism) {
        return AuthMechanism.valueOf("AUTH_MECHANISM_" + mechanism.name());
    }

    private static io.postwatch.proto.agent.v1.Status status(Status status) {
        return switch (status) {
            case OK -> io.postwatch.proto.agent.v1.Status.STATUS_OK;
            case WARNING -> io.postwatch.proto.agent.v1.Status.STATUS_WARNING;
            case ERROR -> io.postwatch.proto.agent.v1.Status.STATUS_ERROR;
            case NO_DATA -> io.postwatch.proto.agent.v1.Status.STATUS_NO_DATA;
        };
    }

    private static Network network(NetworkFindings network) {
        Network.Builder wire = Network.newBuilder()
                .setRemotePort(network.port())
                .addAllAliases(network.aliases())
                .setResolver(network.resolver());
        network.resolved().forEach(address -> wire.addResolved(address(address)));
        for (io.postwatch.agent.probe.ConnectAttempt attempt : network.attempts()) {
            ConnectAttempt.Builder one = ConnectAttempt.newBuilder()
                    .setAddress(address(attempt.address()))
                    .setStart(WireValues.duration(attempt.start()))
                    .setDuration(WireValues.duration(attempt.duration()));
            io.postwatch.agent.probe.failure.FailureCode failure = attempt.failure();
            if (failure != null) {
                one.setFailure(code(failure));
            }
            wire.addAttempts(one);
        }
        InetAddress remote = network.remoteAddress();
        if (remote != null) {
            wire.setRemoteAddress(address(remote));
        }
        return wire.build();
    }

    private static ByteString address(InetAddress address) {
        return ByteString.copyFrom(address.getAddress());
    }

    private static io.postwatch.proto.agent.v1.CertificateFindings certificate(CertificateFindings findings) {
        io.postwatch.proto.agent.v1.CertificateFindings.Builder wire =
                io.postwatch.proto.agent.v1.CertificateFindings.newBuilder()
                        .setNotAfter(WireValues.timestamp(findings.notAfter()))
                        .setDaysLeft(findings.daysLeft());
        findings.chain()
                .forEach(certificate -> wire.addChain(
                        ByteString.copyFrom(certificate.fingerprint().bytes())));
        findings.verdicts()
                .forEach(verdict -> wire.addVerdicts(CertificateVerdict.newBuilder()
                        .setCode(code(verdict.code()))
                        .setPosition(verdict.position())
                        .setMessage(verdict.message())));
        return wire.build();
    }

    private static io.postwatch.proto.agent.v1.Transcript transcript(Transcript transcript) {
        io.postwatch.proto.agent.v1.Transcript.Builder wire =
                io.postwatch.proto.agent.v1.Transcript.newBuilder().setDiscardedBytes(transcript.discardedBytes());
        transcript
                .lines()
                .forEach(line -> wire.addLines(TranscriptLine.newBuilder()
                        .setAt(WireValues.duration(line.at()))
                        .setDirection(direction(line.direction()))
                        .setText(line.text())));
        return wire.build();
    }

    private static Direction direction(Transcript.Direction direction) {
        return switch (direction) {
            case CLIENT -> Direction.DIRECTION_CLIENT;
            case SERVER -> Direction.DIRECTION_SERVER;
            case NOTE -> Direction.DIRECTION_NOTE;
        };
    }
}
