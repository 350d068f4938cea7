package io.postwatch.controller.assignment.login;

import io.postwatch.controller.assignment.login.LoginRows.MonitorLogin;
import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.events.EventHub;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What runs find out about credentials, over all agents, and which of these are suspended. Safe for all threads. */
@Component
public class LoginRecords {
    private final LoginRows rows;
    private final Audit audit;
    private final EventHub hub;

    LoginRecords(LoginRows rows, Audit audit, EventHub hub) {
        this.rows = rows;
        this.audit = audit;
        this.hub = hub;
    }

    /**
     * Counts what runs found. A run of an earlier revision had perhaps another password, and counts for nothing. Part of the
     * caller's system transaction.
     */
    public void learn(Collection<LoginOutcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        SortedMap<Credential, List<LoginOutcome>> found = byCredential(outcomes);
        if (found.isEmpty()) {
            return;
        }
        List<Credential> refused = found.entrySet().stream()
                .filter(one -> one.getValue().stream().anyMatch(LoginOutcome::refused))
                .map(Map.Entry::getKey)
                .toList();
        if (!refused.isEmpty()) {
            rows.insert(refused);
        }
        rows.lock(List.copyOf(found.keySet()))
                .forEach((credential, before) -> step(credential, before, found.getOrDefault(credential, List.of())));
    }

    private SortedMap<Credential, List<LoginOutcome>> byCredential(Collection<LoginOutcome> outcomes) {
        Map<MonitorKey, MonitorLogin> logins =
                rows.ofMonitors(outcomes.stream().map(LoginOutcome::monitor).collect(Collectors.toSet()));
        SortedMap<Credential, List<LoginOutcome>> found = new TreeMap<>();
        for (LoginOutcome outcome : outcomes) {
            MonitorLogin login = logins.get(outcome.monitor());
            if (login != null && login.revision() == outcome.revision()) {
                found.computeIfAbsent(login.credential(), credential -> new ArrayList<>())
                        .add(outcome);
            }
        }
        return found;
    }

    private void step(Credential credential, LoginTrust before, List<LoginOutcome> outcomes) {
        LoginTrust after = before;
        List<LoginOutcome> inOrder =
                outcomes.stream().sorted(Comparator.comparing(LoginOutcome::at)).toList();
        for (LoginOutcome outcome : inOrder) {
            after = after.after(outcome.refused(), outcome.at());
        }
        if (after.equals(before) && !(after instanceof LoginTrust.Trusted)) {
            return;
        }
        rows.write(credential, after);
        if (after instanceof LoginTrust.Suspended && !(before instanceof LoginTrust.Suspended)) {
            tellSuspended(credential);
        }
    }

    private void tellSuspended(Credential credential) {
        TenantId tenant = credential.tenant();
        rows.monitors(credential).forEach(monitor -> {
            audit.record(AuditEntry.by(
                    Actor.SYSTEM,
                    tenant,
                    Act.MONITOR_LOGIN_SUSPENDED,
                    monitor.id().value(),
                    monitor.name()));
            hub.publish(tenant, "monitor", monitor.id(), 0);
        });
    }

    /** Since when the logins of these monitors are suspended; those that are not are absent. Part of the caller's transaction. */
    public Map<MonitorId, Instant> suspended(TenantId tenant, Collection<MonitorId> monitors) {
        return monitors.isEmpty() ? Map.of() : rows.suspended(tenant, monitors);
    }
}
