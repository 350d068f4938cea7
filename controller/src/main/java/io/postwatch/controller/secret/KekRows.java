package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.secret.KeyAgreement.Member;
import java.sql.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the database knows of key-encryption keys. Inside a system transaction of the caller. */
@Component
class KekRows {
    private final JdbcClient jdbc;

    KekRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The one in use. */
    KekId current() {
        return id("SELECT key_check FROM platform");
    }

    /** The one in use; nobody wraps anything, and no controller comes, until the transaction ends. */
    KekId lockCurrent() {
        return id("SELECT key_check FROM platform FOR UPDATE");
    }

    private KekId id(String sql) {
        return KekId.of(jdbc.sql(sql).query((row, n) -> row.getBytes(1)).single());
    }

    List<Member> living() {
        return jdbc.sql("""
                        SELECT coalesce(host, controller_id::text) AS host, kek_ids FROM controller_lease
                        WHERE lease_until > transaction_timestamp() ORDER BY started_at, controller_id
                        """)
                .query((row, n) -> {
                    Array keys = row.getArray("kek_ids");
                    return new Member(
                            row.getString("host"),
                            keys == null
                                    ? List.of()
                                    : Arrays.stream((byte[][]) keys.getArray())
                                            .map(KekId::of)
                                            .toList());
                })
                .list();
    }

    /** From now on this one is used; what doesn't say by what it is wrapped is told the one before. */
    void change(KekId before, KekId now, List<WrappedKeyStore> stores) {
        for (WrappedKeyStore store : stores) {
            jdbc.sql("UPDATE " + store.table() + " SET kek_id = ? WHERE kek_id IS NULL")
                    .param(before.bytes())
                    .update();
        }
        jdbc.sql("UPDATE platform SET key_check = ?").param(now.bytes()).update();
    }

    /** How many keys each wraps, those of {@code asked} also where it is none. */
    SequencedMap<KekId, Long> wrapped(List<KekId> asked, List<WrappedKeyStore> stores) {
        LinkedHashMap<KekId, Long> counts = new LinkedHashMap<>();
        asked.forEach(key -> counts.put(key, 0L));
        List<String> tables = new ArrayList<>();
        stores.forEach(store -> tables.add("SELECT kek_id FROM " + store.table()));
        jdbc.sql("""
                        SELECT coalesce(w.kek_id, p.key_check) AS kek_id, count(*) AS keys
                        FROM (%s) w CROSS JOIN platform p GROUP BY 1 ORDER BY 1
                        """.formatted(String.join(" UNION ALL ", tables))).query(row -> {
            counts.put(KekId.of(row.getBytes("kek_id")), row.getLong("keys"));
        });
        return counts;
    }
}
