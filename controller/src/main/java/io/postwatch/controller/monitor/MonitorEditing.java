package io.postwatch.controller.monitor;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.inventory.Components;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.secret.Secrets;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Makes, changes and deletes monitors, each with its password or access token in the one transaction of the tenant that the caller runs. */
@Component
public class MonitorEditing {
    private final Monitors monitors;
    private final MonitorRows rows;
    private final Components components;
    private final PublicChecks publicChecks;
    private final Secrets secrets;
    private final SharedCredentials credentials;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final EventHub hub;
    private final IdSource ids;
    private final InstantSource clock;

    MonitorEditing(
            Monitors monitors,
            MonitorRows rows,
            Components components,
            PublicChecks publicChecks,
            Secrets secrets,
            SharedCredentials credentials,
            Audit audit,
            ApplicationEventPublisher events,
            EventHub hub,
            IdSource ids,
            InstantSource clock) {
        this.monitors = monitors;
        this.rows = rows;
        this.components = components;
        this.publicChecks = publicChecks;
        this.secrets = secrets;
        this.credentials = credentials;
        this.audit = audit;
        this.events = events;
        this.hub = hub;
        this.ids = ids;
        this.clock = clock;
    }

    public MonitorDefinition create(ActingMember member, MonitorId id, MonitorRequest request) {
        TenantId tenant = member.tenant();
        MonitorDraft draft = monitors.check(tenant, request, (MonitorDefinition) null);
        publicChecks.require(tenant, draft);
        LoginSecret secret = draft.newSecret();
        Instant now = now();
        MonitorDefinition monitor = new MonitorDefinition(
                tenant,
                id,
                draft.name(),
                component(member, draft),
                draft.settings(),
                secret == null ? null : secrets.store(tenant, secret.bytes()),
                draft.locations(),
                draft.tags(),
                false,
                1,
                now,
                now);
        rows.insert(monitor);
        credentials.renew(monitor);
        audit.record(entry(member, Act.MONITOR_CREATED, monitor).with("target", target(monitor)));
        tell(monitor);
        return monitor;
    }

    /** Replaces everything but id, age and whether it is paused. What the request leaves out gets its default, except that the password or access token stays. */
    public MonitorDefinition replace(
            ActingMember member, MonitorId id, @Nullable String ifMatch, MonitorRequest request) {
        TenantId tenant = member.tenant();
        MonitorDefinition saved = rows.lock(tenant, id).orElseThrow(ProblemException::notFound);
        Revisions.check(ifMatch, saved.revision());
        MonitorDraft draft = monitors.check(tenant, request, saved);
        publicChecks.require(tenant, draft);
        MonitorDefinition monitor = new MonitorDefinition(
                tenant,
                id,
                draft.name(),
                component(member, draft),
                draft.settings(),
                secret(tenant, saved, draft),
                draft.locations(),
                draft.tags(),
                saved.paused(),
                saved.revision() + 1,
                saved.createdAt(),
                now());
        rows.update(monitor);
        if (!sameCredential(saved, monitor)) {
            credentials.renew(monitor);
        }
        SecretId before = saved.secret();
        if (before != null && !before.equals(monitor.secret())) {
            secrets.delete(tenant, before);
        }
        recordChange(member, saved, monitor);
        tell(monitor);
        return monitor;
    }

    /** Stops running it, or runs it again; nothing happens where it is so already. */
    public void pause(ActingMember member, MonitorId id, boolean paused) {
        TenantId tenant = member.tenant();
        MonitorDefinition saved = rows.lock(tenant, id).orElseThrow(ProblemException::notFound);
        if (saved.paused() == paused) {
            return;
        }
        MonitorDefinition monitor = new MonitorDefinition(
                tenant,
                id,
                saved.name(),
                saved.component(),
                saved.settings(),
                saved.secret(),
                saved.locations(),
                saved.tags(),
                paused,
                saved.revision() + 1,
                saved.createdAt(),
                now());
        rows.update(monitor);
        audit.record(entry(member, paused ? Act.MONITOR_PAUSED : Act.MONITOR_RESUMED, monitor));
        tell(monitor);
    }

    /** Its results are out of reach at once and go with their partitions. */
    public void delete(ActingMember member, MonitorId id) {
        TenantId tenant = member.tenant();
        MonitorDefinition saved = rows.lock(tenant, id).orElseThrow(ProblemException::notFound);
        rows.delete(tenant, id);
        SecretId secret = saved.secret();
        if (secret != null) {
            secrets.delete(tenant, secret);
        }
        audit.record(entry(member, Act.MONITOR_DELETED, saved).with("target", target(saved)));
        long revision = saved.revision() + 1;
        events.publishEvent(new MonitorDeleted(tenant, id, revision));
        hub.publish(tenant, "monitor", id, revision);
    }

    /** Whether an agent's host was given another secret is not known: a save says that it may be tried again. */
    private static boolean sameCredential(MonitorDefinition before, MonitorDefinition after) {
        MonitorLogin login = after.settings().login();
        return (login == null || login.localSecret() == null)
                && Objects.equals(before.secret(), after.secret())
                && before.settings().host().equals(after.settings().host())
                && Objects.equals(username(before), username(after));
    }

    private static @Nullable String username(MonitorDefinition monitor) {
        MonitorLogin login = monitor.settings().login();
        return login == null ? null : login.username();
    }

    private void recordChange(ActingMember member, MonitorDefinition before, MonitorDefinition after) {
        audit.record(entry(member, Act.MONITOR_CHANGED, after)
                .withChange("name", before.name(), after.name())
                .withChange("target", target(before), target(after)));
        if (!Objects.equals(before.secret(), after.secret()) || !Objects.equals(local(before), local(after))) {
            audit.record(entry(member, Act.MONITOR_CREDENTIAL_CHANGED, after));
        }
    }

    private static @Nullable LocalSecretName local(MonitorDefinition monitor) {
        MonitorLogin login = monitor.settings().login();
        return login == null ? null : login.localSecret();
    }

    private static AuditEntry entry(ActingMember member, Act act, MonitorDefinition monitor) {
        return AuditEntry.by(member, act, monitor.id().value(), monitor.name());
    }

    private static String target(MonitorDefinition monitor) {
        MonitorSettings settings = monitor.settings();
        String host = settings.host().value();
        return settings.type().name().toLowerCase(Locale.ROOT) + " "
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":" + settings.port();
    }

    private ComponentId component(ActingMember member, MonitorDraft draft) {
        ComponentId chosen = draft.component();
        return chosen == null
                ? components.findOrCreate(
                        member,
                        new ComponentId(ids.next()),
                        draft.settings().host().value())
                : chosen;
    }

    /** A new secret for a new password or token: one that is on its way to an agent is never another one meanwhile. */
    private @Nullable SecretId secret(TenantId tenant, MonitorDefinition saved, MonitorDraft draft) {
        LoginSecret given = draft.newSecret();
        if (given != null) {
            return secrets.store(tenant, given.bytes());
        }
        return draft.keptSecret() == null ? null : saved.secret();
    }

    private void tell(MonitorDefinition monitor) {
        events.publishEvent(new MonitorChanged(monitor.tenant(), monitor.id(), monitor.revision()));
        hub.publish(monitor.tenant(), "monitor", monitor.id(), monitor.revision());
    }

    /** In the resolution of the database, so that what is answered is what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
