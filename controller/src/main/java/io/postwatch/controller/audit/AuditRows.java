package io.postwatch.controller.audit;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads a tenant's record. Every method is part of the tenant's transaction. */
@Component
class AuditRows {
    private static final UUID LAST = new UUID(-1, -1);

    private final JdbcClient jdbc;

    AuditRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    static Cursor position(AuditEntryView entry) {
        return Cursor.at(entry.at(), entry.id());
    }

    /**
     * The newest first.
     *
     * @param before entries before this {@link #position} only
     */
    List<AuditEntryView> list(TenantId tenant, AuditFilter filter, @Nullable Cursor before, int limit) {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("tenant", tenant.value());
        params.put("from", Timestamp.from(filter.from()));
        params.put("to", Timestamp.from(filter.to()));
        params.put("beforeAt", Timestamp.from(before == null ? AuditFilter.LATEST : instant(before)));
        params.put("beforeId", before == null ? LAST : before.uuid(1));
        params.put("limit", limit);
        StringBuilder conditions = new StringBuilder();
        if (!filter.acts().isEmpty()) {
            conditions.append(" AND act = ANY (:acts)");
            params.put("acts", filter.acts().toArray(String[]::new));
        }
        named(conditions, params, "actor", filter.actor());
        named(conditions, params, "subject", filter.subject());
        return jdbc.sql("""
                        SELECT entry_id, at, actor_kind, actor_id, actor_name, act, subject_kind, subject_id,
                            subject_name, detail_names, detail_values, address
                        FROM audit_entry
                        WHERE tenant_id = :tenant AND at >= :from AND at < :to AND (at, entry_id) < (:beforeAt, :beforeId)
                        """ + conditions + " ORDER BY at DESC, entry_id DESC LIMIT :limit")
                .params(params)
                .query(AuditRows::view)
                .list();
    }

    private static void named(
            StringBuilder conditions, Map<String, @Nullable Object> params, String what, @Nullable String wanted) {
        if (wanted == null) {
            return;
        }
        UUID id = id(wanted);
        if (id == null) {
            conditions.append(" AND strpos(lower(%1$s_name), lower(:%1$s)) > 0".formatted(what));
            params.put(what, wanted);
        } else {
            conditions.append(" AND %1$s_id = :%1$s".formatted(what));
            params.put(what, id);
        }
    }

    private static @Nullable UUID id(String text) {
        try {
            UUID id = UUID.fromString(text);
            // What it reads as an id, "1-1-1-1-1" for one, may be a part of a name.
            return id.toString().equalsIgnoreCase(text) ? id : null;
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    private static Instant instant(Cursor cursor) {
        return AuditFilter.bounded(cursor.instant(0));
    }

    private static AuditEntryView view(ResultSet row, int number) throws SQLException {
        String act = row.getString("act");
        String subjectName = row.getString("subject_name");
        return new AuditEntryView(
                row.getObject("entry_id", UUID.class),
                Rows.requiredInstant(row, "at"),
                new AuditEntryView.ActorView(
                        row.getString("actor_kind"),
                        row.getObject("actor_id", UUID.class),
                        row.getString("actor_name")),
                act,
                Act.sentence(act, subjectName),
                new AuditEntryView.SubjectView(
                        row.getString("subject_kind"), row.getObject("subject_id", UUID.class), subjectName),
                details(row.getArray("detail_names"), row.getArray("detail_values")),
                row.getString("address"));
    }

    private static Map<String, String> details(Array names, Array values) throws SQLException {
        String[] keys = (String[]) names.getArray();
        String[] texts = (String[]) values.getArray();
        Map<String, String> details = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i++) {
            details.put(keys[i], texts[i]);
        }
        return details;
    }
}
