package io.postwatch.controller.monitor;

import io.postwatch.controller.check.CertificatePolicy.Expiry;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A monitor as the columns of its row, and back. */
final class MonitorColumns {
    /** Of {@code monitor m}. */
    static final String SELECTED = """
            m.tenant_id, m.monitor_id, m.component_id, m.name, m.type, m.host, m.port, m.security, m.address_family,
            m.username, m.auth_mechanism, m.allow_plaintext, m.password_secret_id, m.local_secret, m.period_seconds, m.timeout_seconds,
            m.warning_seconds, m.error_seconds, m.certificate_warning_days, m.certificate_error_days,
            m.certificate_report_only, m.secret_kind, m.options, m.all_public, m.tags, m.paused,
            m.revision, m.created_at, m.updated_at,
            ARRAY(SELECT l.location_id FROM monitor_location l
                  WHERE l.tenant_id = m.tenant_id AND l.monitor_id = m.monitor_id ORDER BY l.location_id) AS location_ids
            """;

    private MonitorColumns() {}

    /** Everything but the time of its creation. */
    static Map<String, @Nullable Object> of(MonitorDefinition monitor) {
        MonitorSettings settings = monitor.settings();
        MonitorLogin login = settings.login();
        AuthMechanism mechanism = login == null ? null : login.mechanism();
        LocalSecretName local = login == null ? null : login.localSecret();
        SecretId secret = monitor.secret();
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("tenant", monitor.tenant().value());
        params.put("id", monitor.id().value());
        params.put("component", monitor.component().value());
        params.put("name", monitor.name());
        params.put("type", settings.type().name());
        params.put("host", settings.host().value());
        params.put("port", settings.port());
        params.put("security", settings.security().name());
        params.put("family", settings.addressFamily().name());
        params.put("username", login == null ? null : login.username());
        params.put("mechanism", mechanism == null ? null : mechanism.name());
        params.put("allowPlaintext", login != null && login.allowPlaintext());
        params.put("password", secret == null ? null : secret.value());
        params.put("localSecret", local == null ? null : local.text());
        params.put("period", (int) settings.period().toSeconds());
        params.put("timeout", (int) settings.timeout().toSeconds());
        params.put("warning", seconds(settings.thresholds().warning()));
        params.put("error", seconds(settings.thresholds().error()));
        Expiry.Days days = switch (settings.certificate().expiry()) {
            case Expiry.Days given -> given;
            case Expiry.Percent _ -> new Expiry.Days(0, 0);
        };
        params.put("certificateWarning", days.warning());
        params.put("certificateError", days.error());
        params.put("reportOnly", settings.certificate().reportOnly());
        params.put("secretKind", login == null ? null : login.secret().name());
        params.put("options", StoredOptions.of(settings).json());
        params.put("allPublic", monitor.locations().allPublic());
        params.put("tags", monitor.tags().toArray(String[]::new));
        params.put("paused", monitor.paused());
        params.put("revision", monitor.revision());
        params.put("updated", at(monitor.updatedAt()));
        return params;
    }

    static MonitorDefinition read(ResultSet row, int number) throws SQLException {
        return new MonitorDefinition(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new MonitorId(row.getObject("monitor_id", UUID.class)),
                row.getString("name"),
                new ComponentId(row.getObject("component_id", UUID.class)),
                settings(row),
                secret(row),
                new LocationSelection(row.getBoolean("all_public"), locations(row.getArray("location_ids"))),
                List.of((String[]) row.getArray("tags").getArray()),
                row.getBoolean("paused"),
                row.getLong("revision"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static MonitorSettings settings(ResultSet row) throws SQLException {
        String username = row.getString("username");
        String mechanism = row.getString("auth_mechanism");
        String kind = row.getString("secret_kind");
        String local = row.getString("local_secret");
        MonitorLogin login = username == null
                ? null
                : new MonitorLogin(
                        username,
                        kind == null ? LoginSecret.Kind.PASSWORD : LoginSecret.Kind.valueOf(kind),
                        mechanism == null ? null : AuthMechanism.valueOf(mechanism),
                        row.getBoolean("allow_plaintext"),
                        local == null ? null : new LocalSecretName(local));
        StoredOptions options = StoredOptions.read(row.getString("options"));
        return new MonitorSettings(
                MonitorType.valueOf(row.getString("type")),
                new MailHost(row.getString("host")),
                row.getInt("port"),
                Security.valueOf(row.getString("security")),
                FamilyChoice.valueOf(row.getString("address_family")),
                login,
                Duration.ofSeconds(row.getInt("period_seconds")),
                Duration.ofSeconds(row.getInt("timeout_seconds")),
                new Thresholds(
                        duration(row, "warning_seconds"), duration(row, "error_seconds"), options.phaseThresholds()),
                options.certificate(
                        new Expiry.Days(row.getInt("certificate_warning_days"), row.getInt("certificate_error_days")),
                        row.getBoolean("certificate_report_only")),
                options.expectations(),
                options.stopAfter(),
                options.mailRecipient(),
                options.folder());
    }

    private static @Nullable SecretId secret(ResultSet row) throws SQLException {
        UUID id = row.getObject("password_secret_id", UUID.class);
        return id == null ? null : new SecretId(id);
    }

    static List<LocationId> locations(Array array) throws SQLException {
        return Arrays.stream((UUID[]) array.getArray()).map(LocationId::new).toList();
    }

    private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
        int seconds = row.getInt(column);
        return row.wasNull() ? null : Duration.ofSeconds(seconds);
    }

    private static @Nullable Integer seconds(@Nullable Duration duration) {
        return duration == null ? null : (int) duration.toSeconds();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
