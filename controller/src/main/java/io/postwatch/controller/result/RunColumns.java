package io.postwatch.controller.result;

import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.NetworkFindings;
import io.postwatch.controller.run.PhaseTiming;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.TlsFindings;
import io.postwatch.controller.run.Transcript;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.RunId;
import io.postwatch.controller.shared.id.SeriesId;
import java.net.InetAddress;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a run is read back from its columns. */
final class RunColumns {
    /** Of a result alone. */
    static final String NARROW = """
            r.series, r.scheduled_at, r.started_at, r.agent_id, r.run_id, r.revision, r.total_micros, r.remote_port,
            r.status, r.failure_code, r.failure_phase, r.triggered, r.clock_suspect, r.certificate_days_left,
            r.certificate_not_after, r.phases, r.attempts, r.remote_address, r.greeting
            """;

    private static final String JOIN_DETAIL = """
            LEFT JOIN result_detail d
              ON d.tenant_id = r.tenant_id AND d.series = r.series AND d.scheduled_at = r.scheduled_at
            """;

    /** Of a result with its failure in words, without facts. */
    static final String OUTLINE = NARROW + ", NULL AS facts, d.message, d.server_reply,"
            + " d.transcript IS NOT NULL AS has_transcript, NULL AS transcript, 0 AS discarded_bytes";

    static final String OUTLINE_JOINS = JOIN_DETAIL;

    /** Of a result with everything but its transcript. */
    static final String WITHOUT_TRANSCRIPT = NARROW + ", f.body AS facts, d.message, d.server_reply,"
            + " d.transcript IS NOT NULL AS has_transcript, NULL AS transcript, 0 AS discarded_bytes";

    /** Of a result with everything. */
    static final String FULL = NARROW + ", f.body AS facts, d.message, d.server_reply,"
            + " d.transcript IS NOT NULL AS has_transcript, d.transcript, d.discarded_bytes";

    static final String JOINS = JOIN_DETAIL + """
            LEFT JOIN result_facts f ON f.tenant_id = r.tenant_id AND f.facts = r.facts
            """;

    private RunColumns() {}

    static StoredRun read(ResultSet row, int number) throws SQLException {
        SeriesId series = new SeriesId(row.getLong("series"));
        String json = row.getString("facts");
        Facts facts = json == null ? null : Facts.read(json);
        String transcript = row.getString("transcript");
        RunRecord run = new RunRecord(
                series,
                row.getLong("revision"),
                new RunId(row.getObject("run_id", UUID.class)),
                instant(row, "scheduled_at"),
                instant(row, "started_at"),
                Micros.duration(row.getLong("total_micros")),
                status(row.getShort("status")),
                failure(row),
                phases(row.getArray("phases")),
                network(row, facts),
                facts == null || facts.tlsProtocol() == null || facts.tlsCipher() == null
                        ? null
                        : new TlsFindings(facts.tlsProtocol(), facts.tlsCipher()),
                chain(row, facts),
                row.getString("greeting"),
                facts == null ? List.of() : facts.capabilities(),
                facts == null ? null : facts.mechanism(),
                transcript == null ? null : transcript(transcript, row),
                row.getBoolean("clock_suspect"),
                row.getBoolean("triggered"));
        return new StoredRun(
                series, new AgentId(row.getObject("agent_id", UUID.class)), run, row.getBoolean("has_transcript"));
    }

    static short number(Status status) {
        return switch (status) {
            case OK -> 1;
            case WARNING -> 2;
            case ERROR -> 3;
            case NO_DATA -> 4;
        };
    }

    static Status status(short number) {
        return switch (number) {
            case 1 -> Status.OK;
            case 2 -> Status.WARNING;
            case 3 -> Status.ERROR;
            case 4 -> Status.NO_DATA;
            default -> throw new IllegalArgumentException("No status has the number " + number);
        };
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static List<PhaseTiming> phases(Array array) throws SQLException {
        Integer[] numbers = (Integer[]) array.getArray();
        List<PhaseTiming> phases = new ArrayList<>(numbers.length / 3);
        for (int i = 0; i + 2 < numbers.length; i += 3) {
            phases.add(new PhaseTiming(
                    Phase.ofNumber(numbers[i].shortValue()),
                    Micros.duration(numbers[i + 1]),
                    Micros.duration(numbers[i + 2])));
        }
        return phases;
    }

    private static @Nullable RunFailure failure(ResultSet row) throws SQLException {
        short code = row.getShort("failure_code");
        if (row.wasNull()) {
            return null;
        }
        short phase = row.getShort("failure_phase");
        Phase failed = row.wasNull() ? null : Phase.ofNumber(phase);
        return new RunFailure(
                FailureCode.ofNumber(code),
                failed,
                Objects.requireNonNullElse(row.getString("message"), ""),
                Objects.requireNonNullElse(row.getString("server_reply"), ""));
    }

    private static NetworkFindings network(ResultSet row, @Nullable Facts facts) throws SQLException {
        byte[] address = row.getBytes("remote_address");
        return new NetworkFindings(
                facts == null
                        ? List.of()
                        : facts.resolved().stream().map(InetAddress::ofLiteral).toList(),
                AttemptBytes.read(row.getBytes("attempts")),
                address == null ? null : AttemptBytes.address(address),
                row.getInt("remote_port"),
                facts == null || facts.aliases() == null ? List.of() : facts.aliases(),
                facts == null ? null : facts.resolver());
    }

    private static @Nullable ChainFindings chain(ResultSet row, @Nullable Facts facts) throws SQLException {
        int daysLeft = row.getInt("certificate_days_left");
        if (row.wasNull()) {
            return null;
        }
        List<String> chain = facts == null || facts.chain() == null ? List.of() : facts.chain();
        return new ChainFindings(
                chain.stream().map(Fingerprint::new).toList(),
                facts == null
                        ? List.of()
                        : facts.verdicts().stream().map(Facts.Verdict::verdict).toList(),
                instant(row, "certificate_not_after"),
                daysLeft);
    }

    private static Transcript transcript(String json, ResultSet row) throws SQLException {
        return TranscriptJson.read(json, row.getLong("discarded_bytes"));
    }

    /** The bytes of an address, for its column. */
    static byte @Nullable [] bytes(@Nullable InetAddress address) {
        return address == null ? null : address.getAddress();
    }
}
