package io.postwatch.controller.audit;

import io.postwatch.controller.shared.id.IdSource;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes the record. An entry is part of the caller's transaction, a tenant's or the system's: it is there exactly if what
 * it tells of was done.
 */
@Component
public class Audit {
    private final JdbcClient jdbc;
    private final IdSource ids;
    private final InstantSource clock;

    Audit(JdbcClient jdbc, IdSource ids, InstantSource clock) {
        this.jdbc = jdbc;
        this.ids = ids;
        this.clock = clock;
    }

    public void record(AuditEntry entry) {
        Actor actor = entry.actor();
        jdbc.sql("""
                        INSERT INTO audit_entry (tenant_id, entry_id, at, actor_kind, actor_id, actor_name, act,
                            subject_kind, subject_id, subject_name, detail_names, detail_values, address)
                        VALUES (?, ?, ?, ?, ?::uuid, ?, ?, ?, ?::uuid, ?, ?, ?, ?::text)
                        """)
                .param(entry.tenant().value())
                .param(ids.next())
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .param(actor.kind().code())
                .param(actor.id())
                .param(actor.name())
                .param(entry.act().code())
                .param(entry.act().subjectKind())
                .param(entry.subject())
                .param(entry.subjectName())
                .param(entry.details().keySet().toArray(String[]::new))
                .param(entry.details().values().toArray(String[]::new))
                .param(entry.address())
                .update();
    }
}
