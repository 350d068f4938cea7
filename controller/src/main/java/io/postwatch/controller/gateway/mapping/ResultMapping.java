package io.postwatch.controller.gateway.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.postwatch.controller.evaluation.SpoolEntry;
import io.postwatch.controller.run.CertificateVerdict;
import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.ConnectAttempt;
import io.postwatch.controller.run.NetworkFindings;
import io.postwatch.controller.run.PhaseTiming;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.TlsFindings;
import io.postwatch.controller.run.Transcript;
import io.postwatch.controller.run.TranscriptLine;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Direction;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.RunId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.proto.agent.v1.CertificateFindings;
import io.postwatch.proto.agent.v1.Failure;
import io.postwatch.proto.agent.v1.Gap;
import io.postwatch.proto.agent.v1.Network;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * From what an agent says about a run to the controller's record of it. An agent is not trusted further than its own
 * tenant: everything is bounded, and what breaks a bound or makes no sense is an {@link IllegalArgumentException}.
 */
public final class ResultMapping {
    private static final int UUID_BYTES = 16;
    private static final int MAX_PHASES = 64;
    public static final int MAX_CHAIN = 10;
    private static final int MAX_VERDICTS = 64;
    private static final int MAX_ADDRESSES = 32;
    private static final int MAX_ALIASES = 16;
    /** A name with each of its bytes escaped, or a path. */
    private static final int MAX_NAME_CHARACTERS = 1024;

    private static final int MAX_CAPABILITIES = 256;
    private static final int MAX_CAPABILITY_CHARACTERS = 1024;
    private static final int MAX_LINES = 64;
    private static final int MAX_LINE_CHARACTERS = 4096;
    private static final int MAX_TRANSCRIPT_CHARACTERS = 16 * 1024;
    private static final int MAX_GREETING_CHARACTERS = 512;
    private static final int MAX_REPLY_CHARACTERS = 2048;
    /** The last second of RFC 5280's calendar, by which a certificate says that it does not expire. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    public static final int MAX_SENTENCE_CHARACTERS = 1024;
    /** The longest a run can take, with room: a timeout is far below. */
    private static final java.time.Duration MAX_DURATION = java.time.Duration.ofHours(24);

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private ResultMapping() {}

    public static SpoolEntry entry(SpoolRecord record) {
        long sequence = record.getSequence();
        try {
            return switch (record.getRecordCase()) {
                case RESULT -> new SpoolEntry.Run(sequence, storedRun(record.getResult()));
                case GAP -> gap(sequence, record.getGap());
                case RECORD_NOT_SET -> new SpoolEntry.Unreadable(sequence, "A record of a kind that is not known here");
            };
        } catch (IllegalArgumentException e) {
            return new SpoolEntry.Unreadable(sequence, sentence(e));
        }
    }

    private static String sentence(IllegalArgumentException e) {
        return e.getMessage() == null ? "The record makes no sense" : e.getMessage();
    }

    private static SpoolEntry.Gap gap(long sequence, Gap gap) {
        SpoolEntry.Gap.Reason reason = switch (gap.getReason()) {
            case GAP_REASON_SPOOL_FULL -> SpoolEntry.Gap.Reason.SPOOL_FULL;
            case GAP_REASON_TOO_OLD -> SpoolEntry.Gap.Reason.TOO_OLD;
            case GAP_REASON_SPOOL_DAMAGED -> SpoolEntry.Gap.Reason.SPOOL_DAMAGED;
            case GAP_REASON_UNSPECIFIED, UNRECOGNIZED -> SpoolEntry.Gap.Reason.UNKNOWN;
        };
        if (gap.getCount() < 0) {
            throw new IllegalArgumentException("A gap of more records than can be counted");
        }
        Instant first = instant(gap.getFirst());
        Instant last = instant(gap.getLast());
        if (last.isBefore(first)) {
            throw new IllegalArgumentException("A gap that ends before it begins");
        }
        return new SpoolEntry.Gap(sequence, gap.getCount(), first, last, reason);
    }

    private static RunRecord storedRun(RunResult result) {
        if (result.getSeries() <= 0) {
            throw new IllegalArgumentException("A stored run names its series");
        }
        return run(result);
    }

    public static RunRecord run(RunResult result) {
        Status status = switch (result.getStatus()) {
            case STATUS_OK -> Status.OK;
            case STATUS_WARNING -> Status.WARNING;
            case STATUS_ERROR -> Status.ERROR;
            case STATUS_NO_DATA -> Status.NO_DATA;
            case STATUS_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("A status that is not known here");
        };
        if (result.getRevision() < 0) {
            throw new IllegalArgumentException("A revision is not negative");
        }
        requireAtMost(MAX_PHASES, result.getPhasesCount(), "phases");
        requireAtMost(MAX_CAPABILITIES, result.getCapabilitiesCount(), "capabilities");
        return new RunRecord(
                result.getSeries() == 0 ? null : new SeriesId(result.getSeries()),
                result.getRevision(),
                new RunId(uuid(result.getRunId(), "run")),
                instant(result.getScheduledAt()),
                instant(result.getStartedAt()),
                duration(result.getTotal()),
                status,
                result.hasFailure() ? failure(result.getFailure()) : null,
                result.getPhasesList().stream().map(ResultMapping::phase).toList(),
                network(result.getNetwork()),
                result.hasTls() ? tls(result.getTls()) : null,
                result.hasCertificate() ? chain(result.getCertificate()) : null,
                text(result.getGreeting(), MAX_GREETING_CHARACTERS),
                result.getCapabilitiesList().stream()
                        .map(capability -> text(capability, MAX_CAPABILITY_CHARACTERS))
                        .toList(),
                mechanism(result.getAuthMechanism()),
                result.hasTranscript() ? transcript(result.getTranscript()) : null,
                result.getClockSuspect(),
                result.getTriggered());
    }

    private static RunFailure failure(Failure failure) {
        FailureCode code = code(failure.getCode());
        if (!failure.getCategory()
                .name()
                .equals("FAILURE_CATEGORY_" + code.category().name())) {
            throw new IllegalArgumentException("The code " + code.code() + " is not of the category that is named");
        }
        return new RunFailure(
                code,
                failure.getPhaseValue() == 0 ? null : phase(failure.getPhaseValue()),
                text(failure.getMessage(), MAX_SENTENCE_CHARACTERS),
                text(failure.getServerReply(), MAX_REPLY_CHARACTERS));
    }

    private static FailureCode code(io.postwatch.proto.agent.v1.FailureCode code) {
        return switch (code) {
            case FAILURE_CODE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("A failure code that is not known here");
            default -> FailureCode.ofNumber((short) code.getNumber());
        };
    }

    private static PhaseTiming phase(io.postwatch.proto.agent.v1.PhaseTiming phase) {
        return new PhaseTiming(phase(phase.getPhaseValue()), duration(phase.getStart()), duration(phase.getDuration()));
    }

    /** Of a number that a newer agent may know more of. */
    private static Phase phase(int number) {
        if (number != (short) number) {
            throw new IllegalArgumentException("No phase has the number " + number);
        }
        return Phase.ofNumber((short) number);
    }

    private static NetworkFindings network(Network network) {
        requireAtMost(MAX_ADDRESSES, network.getResolvedCount(), "addresses");
        requireAtMost(MAX_ADDRESSES, network.getAttemptsCount(), "attempts");
        requireAtMost(MAX_ALIASES, network.getAliasesCount(), "aliases");
        return new NetworkFindings(
                network.getResolvedList().stream().map(ResultMapping::address).toList(),
                network.getAttemptsList().stream().map(ResultMapping::attempt).toList(),
                network.getRemoteAddress().isEmpty() ? null : address(network.getRemoteAddress()),
                port(network.getRemotePort()),
                network.getAliasesList().stream()
                        .map(alias -> text(alias, MAX_NAME_CHARACTERS))
                        .toList(),
                network.getResolver().isEmpty() ? null : text(network.getResolver(), MAX_NAME_CHARACTERS));
    }

    private static ConnectAttempt attempt(io.postwatch.proto.agent.v1.ConnectAttempt attempt) {
        return new ConnectAttempt(
                address(attempt.getAddress()),
                duration(attempt.getStart()),
                duration(attempt.getDuration()),
                attempt.getFailureValue() == 0 ? null : code(attempt.getFailure()));
    }

    private static TlsFindings tls(io.postwatch.proto.agent.v1.Tls tls) {
        return new TlsFindings(
                text(tls.getProtocol(), MAX_GREETING_CHARACTERS), text(tls.getCipher(), MAX_GREETING_CHARACTERS));
    }

    private static ChainFindings chain(CertificateFindings findings) {
        requireAtMost(MAX_CHAIN, findings.getChainCount(), "certificates");
        requireAtMost(MAX_VERDICTS, findings.getVerdictsCount(), "verdicts");
        return new ChainFindings(
                findings.getChainList().stream().map(ResultMapping::fingerprint).toList(),
                findings.getVerdictsList().stream()
                        .map(verdict -> new CertificateVerdict(
                                code(verdict.getCode()),
                                position(verdict.getPosition()),
                                text(verdict.getMessage(), MAX_SENTENCE_CHARACTERS)))
                        .toList(),
                notAfter(findings.getNotAfter()),
                findings.getDaysLeft());
    }

    private static int position(int position) {
        if (position < 0 || position >= MAX_CHAIN) {
            throw new IllegalArgumentException("A chain has no certificate at this position");
        }
        return position;
    }

    private static Fingerprint fingerprint(ByteString bytes) {
        return new Fingerprint(HexFormat.of().formatHex(bytes.toByteArray()));
    }

    private static Transcript transcript(io.postwatch.proto.agent.v1.Transcript transcript) {
        requireAtMost(MAX_LINES, transcript.getLinesCount(), "transcript lines");
        List<TranscriptLine> lines = transcript.getLinesList().stream()
                .map(line -> new TranscriptLine(
                        duration(line.getAt()), direction(line), text(line.getText(), MAX_LINE_CHARACTERS)))
                .toList();
        requireAtMost(
                MAX_TRANSCRIPT_CHARACTERS,
                lines.stream().mapToInt(line -> line.text().length()).sum(),
                "characters of transcript");
        if (transcript.getDiscardedBytes() < 0) {
            throw new IllegalArgumentException("More discarded bytes than can be counted");
        }
        return new Transcript(lines, transcript.getDiscardedBytes());
    }

    private static Direction direction(io.postwatch.proto.agent.v1.TranscriptLine line) {
        return switch (line.getDirection()) {
            case DIRECTION_CLIENT -> Direction.CLIENT;
            case DIRECTION_SERVER -> Direction.SERVER;
            case DIRECTION_NOTE, DIRECTION_UNSPECIFIED, UNRECOGNIZED -> Direction.NOTE;
        };
    }

    public static @Nullable AuthMechanism mechanism(io.postwatch.proto.agent.v1.AuthMechanism mechanism) {
        return switch (mechanism) {
            case AUTH_MECHANISM_PLAIN -> AuthMechanism.PLAIN;
            case AUTH_MECHANISM_LOGIN -> AuthMechanism.LOGIN;
            case AUTH_MECHANISM_CRAM_MD5 -> AuthMechanism.CRAM_MD5;
            case AUTH_MECHANISM_SCRAM_SHA_1 -> AuthMechanism.SCRAM_SHA_1;
            case AUTH_MECHANISM_SCRAM_SHA_256 -> AuthMechanism.SCRAM_SHA_256;
            case AUTH_MECHANISM_XOAUTH2 -> AuthMechanism.XOAUTH2;
            case AUTH_MECHANISM_OAUTHBEARER -> AuthMechanism.OAUTHBEARER;
            case AUTH_MECHANISM_USER_PASS -> AuthMechanism.USER_PASS;
            case AUTH_MECHANISM_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    private static int port(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("A port is 0 to 65535");
        }
        return port;
    }

    private static InetAddress address(ByteString bytes) {
        try {
            return InetAddress.getByAddress(bytes.toByteArray());
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException("An address has 4 or 16 bytes", wrongLength);
        }
    }

    public static Bytes bytes(ByteString bytes) {
        return Bytes.of(bytes.toByteArray());
    }

    public static UUID uuid(ByteString bytes, String what) {
        if (bytes.size() != UUID_BYTES) {
            throw new IllegalArgumentException("The id of a " + what + " has 16 bytes");
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** In whole microseconds, as PostgreSQL keeps it: the key of a result must read back as it was written. */
    public static Instant instant(Timestamp timestamp) {
        if (timestamp.getNanos() < 0 || timestamp.getNanos() >= NANOS_PER_SECOND) {
            throw new IllegalArgumentException("A time that cannot be");
        }
        try {
            Instant instant = Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos())
                    .truncatedTo(ChronoUnit.MICROS);
            // Also keeps out what PostgreSQL cannot store.
            if (instant.isBefore(Instant.EPOCH)
                    || instant.getEpochSecond()
                            > Instant.parse("9999-01-01T00:00:00Z").getEpochSecond()) {
                throw new IllegalArgumentException("A time that cannot be");
            }
            return instant;
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("A time that cannot be", e);
        }
    }

    /** What a server's certificate says may be anything: the nearest time that can be stored and shown. */
    private static Instant notAfter(Timestamp timestamp) {
        return Instant.ofEpochSecond(Math.clamp(timestamp.getSeconds(), 0, LATEST.getEpochSecond()));
    }

    public static java.time.Duration duration(Duration duration) {
        // As Duration says of itself: the two parts have one sign.
        if (duration.getSeconds() < 0 || duration.getNanos() < 0 || duration.getNanos() >= NANOS_PER_SECOND) {
            throw new IllegalArgumentException("A duration is 0 to 24 h");
        }
        java.time.Duration value = java.time.Duration.ofSeconds(
                Math.min(duration.getSeconds(), MAX_DURATION.toSeconds() + 1), duration.getNanos());
        if (value.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("A duration is 0 to 24 h");
        }
        return value;
    }

    /** Agents send clean text; one that does not cannot bring control characters into the database or a terminal. */
    public static String text(String text, int maxCharacters) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), maxCharacters));
        text.codePoints()
                .limit(maxCharacters)
                .map(c -> Character.isISOControl(c) && c != '\t' ? 0xFFFD : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static void requireAtMost(int bound, int count, String what) {
        if (count > bound) {
            throw new IllegalArgumentException("More than " + bound + " " + what);
        }
    }
}
