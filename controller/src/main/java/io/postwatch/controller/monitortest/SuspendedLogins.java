package io.postwatch.controller.monitortest;

import io.postwatch.controller.assignment.login.LoginRecords;
import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tests respect that a login is suspended: it is tried only where a person says so, from one place, and that is recorded.
 * Part of the tenant's transaction.
 */
@Component
class SuspendedLogins {
    private static final ProblemCode LOGIN_SUSPENDED =
            new ProblemCode("login-suspended", 409, "The login is suspended");

    private final LoginRecords logins;
    private final Monitors monitors;
    private final Audit audit;

    SuspendedLogins(LoginRecords logins, Monitors monitors, Audit audit) {
        this.logins = logins;
        this.monitors = monitors;
        this.audit = audit;
    }

    /**
     * Where the credential that a monitor has may be tried: everywhere, unless it is suspended.
     *
     * @param settings of the test; of another mailbox, or with another name of a host's secret, it is another credential
     * @param wanted whether the person wants it tried although it is suspended
     */
    List<Location> allowed(
            ActingMember member,
            MonitorId id,
            MonitorSettings settings,
            @Nullable Boolean wanted,
            List<Location> places) {
        TenantId tenant = member.tenant();
        Instant since = logins.suspended(tenant, List.of(id)).get(id);
        if (since == null) {
            return places;
        }
        MonitorDefinition monitor = monitors.find(tenant, id).orElseThrow(ProblemException::notFound);
        if (!sameCredential(monitor.settings(), settings)) {
            return places;
        }
        if (!Boolean.TRUE.equals(wanted)) {
            throw ProblemException.of(
                    LOGIN_SUSPENDED,
                    "The server refused this login three times in a row; it is suspended since " + since
                            + ". Enter the password anew, or save the monitor again where an agent's host has another secret by now; or say that it is to be tried once all the same.");
        }
        audit.record(AuditEntry.by(member, Act.MONITOR_SUSPENDED_LOGIN_TESTED, id.value(), monitor.name()));
        return List.of(places.getFirst());
    }

    private static boolean sameCredential(MonitorSettings saved, MonitorSettings tested) {
        MonitorLogin before = saved.login();
        MonitorLogin after = tested.login();
        return before != null
                && after != null
                && saved.host().equals(tested.host())
                && before.username().equals(after.username())
                && Objects.equals(before.localSecret(), after.localSecret());
    }
}
