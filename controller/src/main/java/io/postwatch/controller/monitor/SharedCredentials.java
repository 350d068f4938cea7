package io.postwatch.controller.monitor;

import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.secret.Secrets;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which monitors log in with the very same credential: what a server refuses one of them counts for all. A credential that is
 * edited is another one from then on, also where it was given the same password again; one that only an agent's host knows is
 * the same where its name is, and another one with each save, since nobody here sees it change. Every method is part of the
 * tenant's transaction.
 */
@Component
class SharedCredentials {
    /** So many monitors of one mailbox are compared. */
    private static final int COMPARED = 200;

    private static final Logger LOG = LoggerFactory.getLogger(SharedCredentials.class);

    private final JdbcClient jdbc;
    private final Secrets secrets;
    private final IdSource ids;

    SharedCredentials(JdbcClient jdbc, Secrets secrets, IdSource ids) {
        this.jdbc = jdbc;
        this.secrets = secrets;
        this.ids = ids;
    }

    /** The credential of this monitor was edited: it is a new one, as is that of all that have the same. */
    void renew(MonitorDefinition monitor) {
        MonitorLogin login = monitor.settings().login();
        SecretId own = monitor.secret();
        if (login == null) {
            return;
        }
        List<MonitorId> sharing = new ArrayList<>(List.of(monitor.id()));
        LocalSecretName local = login.localSecret();
        if (local != null) {
            sharing.addAll(naming(monitor, login.username(), local));
        }
        Map<MonitorId, SecretId> others = own == null ? Map.of() : others(monitor, login.username());
        if (own != null && !others.isEmpty()) {
            sharing.addAll(same(monitor.tenant(), own, others));
        }
        jdbc.sql("UPDATE monitor SET credential_id = ? WHERE tenant_id = ? AND monitor_id = ANY (?)")
                .params(
                        ids.next(),
                        monitor.tenant().value(),
                        sharing.stream().map(MonitorId::value).toArray(UUID[]::new))
                .update();
    }

    private List<MonitorId> naming(MonitorDefinition monitor, String username, LocalSecretName local) {
        return jdbc.sql("""
                        SELECT monitor_id FROM monitor
                        WHERE tenant_id = ? AND host = ? AND username = ? AND local_secret = ? AND monitor_id <> ?
                        """)
                .params(
                        monitor.tenant().value(),
                        monitor.settings().host().value(),
                        username,
                        local.text(),
                        monitor.id().value())
                .query((row, n) -> new MonitorId(row.getObject(1, UUID.class)))
                .list();
    }

    private Map<MonitorId, SecretId> others(MonitorDefinition monitor, String username) {
        Map<MonitorId, SecretId> others = new HashMap<>();
        jdbc.sql("""
                        SELECT monitor_id, password_secret_id FROM monitor
                        WHERE tenant_id = ? AND host = ? AND username = ? AND monitor_id <> ?
                            AND password_secret_id IS NOT NULL
                        ORDER BY monitor_id LIMIT ?
                        """)
                .params(
                        monitor.tenant().value(),
                        monitor.settings().host().value(),
                        username,
                        monitor.id().value(),
                        COMPARED)
                .query(row -> {
                    others.put(new MonitorId(row.getObject(1, UUID.class)), new SecretId(row.getObject(2, UUID.class)));
                });
        return others;
    }

    private List<MonitorId> same(TenantId tenant, SecretId own, Map<MonitorId, SecretId> others) {
        Map<SecretId, TenantId> wanted = new HashMap<>();
        wanted.put(own, tenant);
        others.values().forEach(secret -> wanted.put(secret, tenant));
        Map<SecretId, byte[]> opened;
        try {
            opened = secrets.openAll(wanted);
        } catch (TransientDataAccessResourceException keyMissing) {
            // Then each counts for itself.
            LOG.warn("Whether other monitors have the same password could not be found out", keyMissing);
            return List.of();
        }
        byte[] mine = opened.get(own);
        return mine == null
                ? List.of()
                : others.entrySet().stream()
                        .filter(other -> MessageDigest.isEqual(mine, opened.get(other.getValue())))
                        .map(Map.Entry::getKey)
                        .toList();
    }
}
