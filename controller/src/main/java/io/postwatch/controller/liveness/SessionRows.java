package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.liveness.BootHistory.Boot;
import io.postwatch.controller.liveness.HelloJudgement.LastSession;
import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.id.ControllerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The session of an agent, on its row, which the caller's system transaction has locked. */
final class SessionRows {
    private static final int MAX_TEXT = 255;

    private SessionRows() {}

    static LastSession last(JdbcClient jdbc, Identity agent) {
        return jdbc.sql("""
                SELECT connected_at, last_seen_at, boots, boot_attempts, boot_returns, boot_stays, boot_until
                FROM agent WHERE tenant_id = ? AND agent_id = ?
                """)
                .params(agent.tenant().value(), agent.id().value())
                .query((row, n) -> new LastSession(
                        Rows.instant(row, "connected_at"), Rows.instant(row, "last_seen_at"), boots(row)))
                .single();
    }

    private static BootHistory boots(ResultSet row) throws SQLException {
        Instant connected = Rows.instant(row, "connected_at");
        Instant last = connected == null ? Instant.EPOCH : connected;
        UUID[] boots = (UUID[]) row.getArray("boots").getArray();
        Long[] attempts = (Long[]) row.getArray("boot_attempts").getArray();
        Integer[] returns = (Integer[]) row.getArray("boot_returns").getArray();
        Boolean[] stays = (Boolean[]) row.getArray("boot_stays").getArray();
        Timestamp[] until = (Timestamp[]) row.getArray("boot_until").getArray();
        // A release before, which may run beside this one, writes the first three only.
        boolean told = stays.length == boots.length && until.length == boots.length;
        return new BootHistory(IntStream.range(0, boots.length)
                .mapToObj(n -> new Boot(
                        boots[n], attempts[n], returns[n], told && stays[n], told ? until[n].toInstant() : last))
                .toList());
    }

    /**
     * The row of a session that stands.
     *
     * @param sealAnew the agent's sealing key is new, or was at an earlier hello and nothing was applied since
     */
    record Begun(long epoch, boolean sealAnew) {}

    /**
     * The session that begins. Nothing where its hello is older than that of the session that stands: it was
     * under way for so long, in a controller that hung, that its agent has come again since.
     */
    static Optional<Begun> begin(
            JdbcClient jdbc,
            ControllerId controller,
            SessionRequest request,
            Identity agent,
            UUID session,
            BootHistory boots,
            Instant at) {
        AgentFacts facts = request.facts();
        Timestamp now = Timestamp.from(at);
        return jdbc.sql("""
                UPDATE agent SET session_id = ?, session_epoch = session_epoch + 1, session_controller = ?,
                    session_boot = ?, session_attempt = ?, session_address = ?, boots = ?::uuid[],
                    boot_attempts = ?::bigint[], boot_returns = ?::integer[],
                    boot_stays = ?::boolean[], boot_until = ?::timestamptz[], connected_at = ?, last_seen_at = ?,
                    seal_anew = seal_anew OR sealing_key <> ?, sealing_key = ?, version = ?, hostname = ?, os = ?, arch = ?, ipv4 = ?, ipv6 = ?, check_types = ?,
                    auth_mechanisms = ?, trusted_roots = ?::bytea[], local_secrets = ?, max_runs_per_second = ?, clock_offset_millis = ?, runs_per_minute = 0,
                    schedule_lag_micros = 0, skipped_last_minute = 0, skipped_in_session = 0, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                    AND (session_id IS NULL OR session_boot IS DISTINCT FROM ? OR session_attempt <= ?)
                RETURNING session_epoch, seal_anew
                """)
                .params(
                        session,
                        controller.value(),
                        request.bootId().toArray(),
                        request.attempt(),
                        request.peer().address(),
                        boots.boots().stream().map(Boot::id).toArray(UUID[]::new),
                        boots.boots().stream().map(Boot::attempt).toArray(Long[]::new),
                        boots.boots().stream().map(Boot::returns).toArray(Integer[]::new),
                        boots.boots().stream().map(Boot::stayed).toArray(Boolean[]::new),
                        boots.boots().stream()
                                .map(boot -> Timestamp.from(boot.until()))
                                .toArray(Timestamp[]::new),
                        now,
                        now,
                        request.sealingKey().toArray(),
                        request.sealingKey().toArray(),
                        bounded(facts.version()),
                        bounded(facts.hostname()),
                        bounded(facts.os()),
                        bounded(facts.arch()),
                        facts.ipv4(),
                        facts.ipv6(),
                        facts.types().stream().map(Enum::name).toArray(String[]::new),
                        facts.mechanisms().stream().map(Enum::name).toArray(String[]::new),
                        request.trustedRoots().stream().map(Bytes::toArray).toArray(byte[][]::new),
                        facts.localSecrets().stream()
                                .map(LocalSecretName::text)
                                .sorted()
                                .toArray(String[]::new),
                        facts.maxRunsPerSecond(),
                        request.clockOffset().toMillis(),
                        now,
                        agent.tenant().value(),
                        agent.id().value(),
                        request.bootId().toArray(),
                        request.attempt())
                .query((row, n) -> new Begun(row.getLong("session_epoch"), row.getBoolean("seal_anew")))
                .optional();
    }

    private static String bounded(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "");
        if (clean.length() <= MAX_TEXT) {
            return clean;
        }
        // Half a character can't be stored.
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
    }
}
