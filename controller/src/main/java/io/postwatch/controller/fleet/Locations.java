package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The locations that a tenant sees: its own and the platform's open ones. Every method is part of the caller's
 * transaction, which may be the tenant's or, for reading and locking, the system's.
 */
@Component
public class Locations {
    private static final String COLUMNS =
            "tenant_id, location_id, name, description, country, in_preparation, revision, created_at";
    /** Whose parameters are the tenant and the platform; the operators see what they prepare. */
    private static final String VISIBLE = "(tenant_id = ? OR (tenant_id = ? AND NOT in_preparation))";

    private final JdbcClient jdbc;

    Locations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All that the tenant sees, the public ones first, by name. */
    public List<Location> visibleTo(TenantId tenant) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM location WHERE " + VISIBLE
                        + " ORDER BY tenant_id <> ?, lower(name), location_id")
                .params(tenant.value(), TenantId.PLATFORM.value(), TenantId.PLATFORM.value())
                .query(Locations::location)
                .list();
    }

    /** Of those, in that order, what comes after a place in it, whether or not a location stands there any more. */
    List<Location> visibleTo(TenantId tenant, Place after) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM location WHERE " + VISIBLE
                        + " AND (tenant_id <> ?, lower(name), location_id) > (?, lower(?), ?)"
                        + " ORDER BY tenant_id <> ?, lower(name), location_id")
                .params(
                        tenant.value(),
                        TenantId.PLATFORM.value(),
                        TenantId.PLATFORM.value(),
                        !after.isPublic(),
                        after.name(),
                        after.id(),
                        TenantId.PLATFORM.value())
                .query(Locations::location)
                .list();
    }

    /** A place in the order of a tenant's locations. */
    record Place(boolean isPublic, String name, UUID id) {}

    public Optional<Location> find(TenantId tenant, LocationId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM location WHERE " + VISIBLE + " AND location_id = ?")
                .params(tenant.value(), TenantId.PLATFORM.value(), id.value())
                .query(Locations::location)
                .optional();
    }

    /** As {@link #find}, and nobody else places monitors at this location until the transaction ends. */
    public Optional<Location> lock(TenantId tenant, LocationId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM location WHERE " + VISIBLE + " AND location_id = ? FOR UPDATE")
                .params(tenant.value(), TenantId.PLATFORM.value(), id.value())
                .query(Locations::location)
                .optional();
    }

    /** Of all tenants. System transaction only. */
    public List<Location> all() {
        return jdbc.sql("SELECT " + COLUMNS + " FROM location ORDER BY location_id")
                .query(Locations::location)
                .list();
    }

    /** False where the tenant has a location of this name. */
    boolean insert(Location location) {
        return jdbc.sql("""
                INSERT INTO location (tenant_id, location_id, name, description, country, in_preparation, revision,
                    created_at, updated_at)
                VALUES (?, ?, ?, ?, ?::text, ?, ?, ?, ?) ON CONFLICT ON CONSTRAINT location_name_unique DO NOTHING
                """)
                        .param(location.owner().value())
                        .param(location.id().value())
                        .param(location.name())
                        .param(location.description())
                        .param(location.country())
                        .param(location.inPreparation())
                        .param(location.revision())
                        .param(Timestamp.from(location.createdAt()))
                        .param(Timestamp.from(location.createdAt()))
                        .update()
                == 1;
    }

    /** The caller holds the row's lock. False where the tenant has another location of this name. */
    boolean update(Location location, Instant now) {
        boolean taken = jdbc.sql("""
                SELECT 1 FROM location WHERE tenant_id = ? AND name = ? AND location_id <> ?
                """)
                .params(location.owner().value(), location.name(), location.id().value())
                .query(Integer.class)
                .optional()
                .isPresent();
        if (taken) {
            return false;
        }
        jdbc.sql("""
                UPDATE location SET name = ?, description = ?, country = ?::text, in_preparation = ?, revision = ?,
                    updated_at = ?
                WHERE tenant_id = ? AND location_id = ?
                """)
                .param(location.name())
                .param(location.description())
                .param(location.country())
                .param(location.inPreparation())
                .param(location.revision())
                .param(Timestamp.from(now))
                .param(location.owner().value())
                .param(location.id().value())
                .update();
        return true;
    }

    void delete(Location location) {
        jdbc.sql("DELETE FROM enrolment_token_directory WHERE token_hash IN"
                        + " (SELECT token_hash FROM enrolment_token WHERE tenant_id = ? AND location_id = ?)")
                .params(location.owner().value(), location.id().value())
                .update();
        jdbc.sql("DELETE FROM enrolment_token WHERE tenant_id = ? AND location_id = ?")
                .params(location.owner().value(), location.id().value())
                .update();
        jdbc.sql("DELETE FROM location WHERE tenant_id = ? AND location_id = ?")
                .params(location.owner().value(), location.id().value())
                .update();
    }

    private static Location location(ResultSet row, int number) throws SQLException {
        return new Location(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new LocationId(row.getObject("location_id", UUID.class)),
                row.getString("name"),
                row.getString("description"),
                row.getString("country"),
                row.getBoolean("in_preparation"),
                row.getLong("revision"),
                Rows.requiredInstant(row, "created_at"));
    }
}
