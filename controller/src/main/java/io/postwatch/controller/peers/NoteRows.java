package io.postwatch.controller.peers;

import io.postwatch.controller.shared.id.ControllerId;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Notes as rows. Every method is part of the caller's system transaction. */
@Component
class NoteRows {
    /** Of one controller in one look: more than it writes between two. */
    static final int ROWS_AT_ONCE = 20;

    private final JdbcClient jdbc;

    NoteRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Changes nothing where it was written before: the answer to that may have been lost. */
    void write(Following.Row row, Instant now) {
        jdbc.sql("""
                INSERT INTO controller_note (controller_id, sequence, written_at, topics, bodies) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (controller_id, sequence) DO NOTHING
                """)
                .params(
                        row.controller(),
                        row.sequence(),
                        Timestamp.from(now),
                        row.notes().stream().map(PeerNote::topic).toArray(String[]::new),
                        row.notes().stream().map(PeerNote::body).toArray(String[]::new))
                .update();
    }

    /** Of each other controller that is known, whether it lives. */
    Map<UUID, Boolean> others(ControllerId me) {
        Map<UUID, Boolean> others = new HashMap<>();
        jdbc.sql("""
                SELECT controller_id, lease_until > transaction_timestamp() AS living FROM controller_lease
                WHERE controller_id <> ?
                """).param(me.value()).query(row -> {
            others.put(row.getObject("controller_id", UUID.class), row.getBoolean("living"));
        });
        return others;
    }

    /** The last row of each controller that wrote any. */
    Map<UUID, Long> written() {
        Map<UUID, Long> written = new HashMap<>();
        jdbc.sql("SELECT controller_id, max(sequence) AS last FROM controller_note GROUP BY controller_id")
                .query(row -> {
                    written.put(row.getObject("controller_id", UUID.class), row.getLong("last"));
                });
        return written;
    }

    /** What these controllers have written since; of each at most {@link #ROWS_AT_ONCE}, in ascending order. */
    List<Following.Row> after(Map<UUID, Long> through) {
        List<UUID> peers = List.copyOf(through.keySet());
        return jdbc.sql("""
                SELECT n.controller_id, n.sequence, n.topics, n.bodies
                FROM unnest(?::uuid[], ?::bigint[]) AS c (controller_id, through)
                CROSS JOIN LATERAL (
                    SELECT r.controller_id, r.sequence, r.topics, r.bodies FROM controller_note r
                    WHERE r.controller_id = c.controller_id AND r.sequence > c.through
                    ORDER BY r.sequence LIMIT ?) n
                ORDER BY n.controller_id, n.sequence
                """)
                .params(
                        peers.toArray(UUID[]::new),
                        peers.stream().map(through::get).toArray(Long[]::new),
                        ROWS_AT_ONCE)
                .query((row, n) -> new Following.Row(
                        row.getObject("controller_id", UUID.class),
                        row.getLong("sequence"),
                        notes(row.getArray("topics"), row.getArray("bodies"))))
                .list();
    }

    private static List<PeerNote> notes(Array topics, Array bodies) throws SQLException {
        String[] topic = (String[]) topics.getArray();
        String[] body = (String[]) bodies.getArray();
        List<PeerNote> notes = new ArrayList<>();
        for (int i = 0; i < topic.length; i++) {
            notes.add(new PeerNote(topic[i], body[i]));
        }
        return notes;
    }

    /**
     * Deletes old rows of this controller, but never its last: whoever has not read that one finds the hole before it. And
     * those of controllers that are forgotten.
     */
    void forget(ControllerId me, Instant olderThan) {
        jdbc.sql("""
                DELETE FROM controller_note n WHERE n.controller_id = ? AND n.written_at < ?
                    AND n.sequence < (SELECT max(l.sequence) FROM controller_note l WHERE l.controller_id = n.controller_id)
                """).params(me.value(), Timestamp.from(olderThan)).update();
        jdbc.sql("""
                DELETE FROM controller_note WHERE controller_id <> ? AND written_at < ?
                    AND controller_id NOT IN (SELECT controller_id FROM controller_lease)
                """).params(me.value(), Timestamp.from(olderThan)).update();
    }
}
