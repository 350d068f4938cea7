package io.postwatch.controller.inventory;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The components of a tenant. Every method has a transaction of its own or joins the tenant's running one. */
@org.springframework.stereotype.Component
public class Components {
    private static final String COLUMNS = "component_id, name, description, revision, created_at";

    private final TenantTransactions transactions;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final EventHub events;
    private final Audit audit;
    private final ObjectProvider<ComponentUse> uses;

    Components(
            TenantTransactions transactions,
            JdbcClient jdbc,
            InstantSource clock,
            EventHub events,
            Audit audit,
            ObjectProvider<ComponentUse> uses) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.events = events;
        this.audit = audit;
        this.uses = uses;
    }

    public Optional<Component> find(TenantId tenant, ComponentId id) {
        return transactions.call(
                tenant,
                () -> row(tenant, id, "")
                        .map(row -> withMonitors(tenant, List.of(row)).getFirst()));
    }

    /** By its name, exactly as written. */
    public Optional<ComponentId> findByName(TenantId tenant, String name) {
        return transactions.call(
                tenant,
                () -> jdbc.sql("SELECT component_id FROM component WHERE tenant_id = ? AND name = ?")
                        .params(tenant.value(), name)
                        .query((row, number) -> new ComponentId(row.getObject(1, UUID.class)))
                        .optional());
    }

    /** The names of all components there are, for lists that show them. */
    public Map<ComponentId, String> names(TenantId tenant) {
        return transactions.call(
                tenant,
                () -> jdbc
                        .sql("SELECT component_id, name FROM component WHERE tenant_id = ?")
                        .param(tenant.value())
                        .query((row, number) ->
                                Map.entry(new ComponentId(row.getObject(1, UUID.class)), row.getString(2)))
                        .list()
                        .stream()
                        .collect(
                                java.util.stream.Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Creates a component that was checked; throws a problem where the name is taken. */
    public void create(ActingMember member, ComponentId id, String name, String description) {
        TenantId tenant = member.tenant();
        OffsetDateTime now = now();
        transactions.run(tenant, () -> {
            try {
                jdbc.sql("""
                                INSERT INTO component
                                    (tenant_id, component_id, name, description, revision, created_at, updated_at)
                                VALUES (?, ?, ?, ?, 1, ?, ?)
                                """)
                        .params(tenant.value(), id.value(), name, description, now, now)
                        .update();
            } catch (DuplicateKeyException e) {
                throw nameTaken(name);
            }
            audit.record(AuditEntry.by(member, Act.COMPONENT_CREATED, id.value(), name));
            events.publish(tenant, "component", id, 1);
        });
    }

    /** The component of this name, made under the fresh id where there is none. Of two callers at once both get the same. */
    public ComponentId findOrCreate(ActingMember member, ComponentId fresh, String name) {
        TenantId tenant = member.tenant();
        OffsetDateTime now = now();
        return transactions.call(tenant, () -> {
            int made = jdbc.sql("""
                            INSERT INTO component
                                (tenant_id, component_id, name, description, revision, created_at, updated_at)
                            VALUES (?, ?, ?, '', 1, ?, ?) ON CONFLICT (tenant_id, name) DO NOTHING
                            """)
                    .params(tenant.value(), fresh.value(), name, now, now)
                    .update();
            if (made == 0) {
                return findByName(tenant, name).orElseThrow();
            }
            audit.record(AuditEntry.by(member, Act.COMPONENT_CREATED, fresh.value(), name));
            events.publish(tenant, "component", fresh, 1);
            return fresh;
        });
    }

    Page<Component> list(TenantId tenant, Paging paging, @Nullable String search) {
        Cursor after = paging.after();
        String afterName = after == null ? "" : after.text(0);
        UUID afterId = after == null ? new UUID(0, 0) : after.uuid(1);
        String pattern = "%" + (search == null ? "" : escaped(search)) + "%";
        return transactions.call(tenant, () -> {
            List<Component> rows = jdbc.sql("SELECT " + COLUMNS + """
                                       FROM component
                                      WHERE tenant_id = ? AND (name, component_id) > (?, ?)
                                        AND (name ILIKE ? OR description ILIKE ?)
                                      ORDER BY name, component_id LIMIT ?
                                      """)
                    .params(tenant.value(), afterName, afterId, pattern, pattern, paging.fetch())
                    .query(MAPPER)
                    .list();
            List<Component> counted = withMonitors(tenant, rows);
            return Page.of(counted, paging, row -> Cursor.at(row.name(), row.id()), row -> row);
        });
    }

    Component update(ActingMember member, ComponentId id, @Nullable String ifMatch, String name, String description) {
        TenantId tenant = member.tenant();
        return transactions.call(tenant, () -> {
            Component before = row(tenant, id, " FOR UPDATE").orElseThrow(ProblemException::notFound);
            Revisions.check(ifMatch, before.revision());
            if (before.name().equals(name) && before.description().equals(description)) {
                return withMonitors(tenant, List.of(before)).getFirst();
            }
            try {
                jdbc.sql("""
                                UPDATE component SET name = ?, description = ?, revision = ?, updated_at = ?
                                WHERE tenant_id = ? AND component_id = ?
                                """)
                        .params(name, description, before.revision() + 1, now(), tenant.value(), id.value())
                        .update();
            } catch (DuplicateKeyException e) {
                throw nameTaken(name);
            }
            audit.record(AuditEntry.by(member, Act.COMPONENT_CHANGED, id.value(), name)
                    .withChange("name", before.name(), name)
                    .withChange("description", before.description(), description));
            events.publish(tenant, "component", id, before.revision() + 1);
            return find(tenant, id).orElseThrow();
        });
    }

    void delete(ActingMember member, ComponentId id) {
        TenantId tenant = member.tenant();
        transactions.run(tenant, () -> {
            Component before = row(tenant, id, " FOR UPDATE").orElseThrow(ProblemException::notFound);
            int monitors = withMonitors(tenant, List.of(before)).getFirst().monitors();
            if (monitors > 0) {
                throw ProblemException.of(
                        ProblemCode.IN_USE,
                        before.name() + " still groups " + monitors + (monitors == 1 ? " monitor" : " monitors")
                                + ". Delete or move them first.");
            }
            jdbc.sql("DELETE FROM component WHERE tenant_id = ? AND component_id = ?")
                    .params(tenant.value(), id.value())
                    .update();
            audit.record(AuditEntry.by(member, Act.COMPONENT_DELETED, id.value(), before.name()));
            events.publish(tenant, "component", id, before.revision() + 1);
        });
    }

    private Optional<Component> row(TenantId tenant, ComponentId id, String lock) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM component WHERE tenant_id = ? AND component_id = ?" + lock)
                .params(tenant.value(), id.value())
                .query(MAPPER)
                .optional();
    }

    private List<Component> withMonitors(TenantId tenant, List<Component> rows) {
        List<ComponentId> ids = rows.stream().map(Component::id).toList();
        ComponentUse use = uses.getIfAvailable();
        Map<ComponentId, Integer> monitors = use == null || ids.isEmpty() ? Map.of() : use.monitors(tenant, ids);
        return rows.stream()
                .map(row -> new Component(
                        row.id(),
                        row.name(),
                        row.description(),
                        monitors.getOrDefault(row.id(), 0),
                        row.revision(),
                        row.createdAt()))
                .toList();
    }

    private static final RowMapper<Component> MAPPER = (row, number) -> new Component(
            new ComponentId(row.getObject("component_id", UUID.class)),
            row.getString("name"),
            row.getString("description"),
            0,
            row.getLong("revision"),
            instant(row.getObject("created_at", OffsetDateTime.class)));

    private static Instant instant(OffsetDateTime time) {
        return time.toInstant();
    }

    private static ProblemException nameTaken(String name) {
        return ProblemException.nameTaken("name", "There is a component called " + name + " already");
    }

    private static String escaped(String search) {
        return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
