package io.postwatch.controller.audit;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.web.Cursor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the record out, however long it is: read in parts, each in a transaction of its own, so that a slow reader holds
 * neither a connection nor memory. That it was exported is on record, too.
 */
@Component
class AuditExport {
    static final int PART = 500;

    private final TenantTransactions transactions;
    private final Audit audit;
    private final AuditRows rows;
    private final JsonMapper json;

    AuditExport(TenantTransactions transactions, Audit audit, AuditRows rows, JsonMapper json) {
        this.transactions = transactions;
        this.audit = audit;
        this.rows = rows;
        this.json = json;
    }

    /** The first part, before anything is written: what goes wrong here can still be answered. */
    List<AuditEntryView> begin(ActingMember member, AuditFilter filter, ExportFormat format) {
        return transactions.call(member.tenant(), () -> {
            List<AuditEntryView> first = rows.list(member.tenant(), filter, null, PART);
            audit.record(AuditEntry.by(member, Act.AUDIT_EXPORTED, null, "audit record")
                    .with("format", format.name().toLowerCase(Locale.ROOT)));
            return first;
        });
    }

    void write(
            ActingMember member, AuditFilter filter, ExportFormat format, List<AuditEntryView> first, OutputStream out)
            throws IOException {
        out.write(bytes(format.heading()));
        List<AuditEntryView> part = first;
        while (!part.isEmpty()) {
            for (AuditEntryView entry : part) {
                out.write(bytes(format.line(entry, json)));
            }
            Cursor last = AuditRows.position(part.getLast());
            part = part.size() < PART
                    ? List.of()
                    : transactions.call(member.tenant(), () -> rows.list(member.tenant(), filter, last, PART));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
