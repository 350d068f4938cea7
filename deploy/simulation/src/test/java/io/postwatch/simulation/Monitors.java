package io.postwatch.simulation;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.store.Rows;
import io.postwatch.simulation.store.Rows.MonitorRow;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What people do with monitors meanwhile. Every method is part of a transaction. */
final class Monitors {

    private static final int MOST = 8;
    private static final List<Duration> PERIODS =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(60));

    private final Chance chance;
    private final List<LocationId> locations;

    Monitors(Chance chance, List<LocationId> locations) {
        this.chance = chance;
        this.locations = locations;
    }

    /** Answers what was done. */
    String change(Rows rows) {
        List<MonitorRow> all = List.copyOf(rows.monitors.values());
        if (all.isEmpty() || (all.size() < MOST && chance.onceIn(3))) {
            return add(rows);
        }
        MonitorRow one = chance.oneOf(all);
        return switch (chance.between(0, 5)) {
            case 0 -> {
                rows.monitors.remove(one.id());
                yield "deletes " + name(one);
            }
            case 1, 2 -> {
                put(rows, one, one.settings(), !one.paused(), one.locations());
                yield (one.paused() ? "resumes " : "pauses ") + name(one);
            }
            case 3 -> {
                Set<LocationId> other = someLocations();
                put(rows, one, one.settings(), one.paused(), other);
                yield "moves " + name(one) + " to " + other.size() + " locations";
            }
            default -> {
                MonitorSettings other = settings();
                put(rows, one, other, one.paused(), one.locations());
                yield "gives " + name(one) + " the period " + other.period();
            }
        };
    }

    String add(Rows rows) {
        MonitorRow fresh = new MonitorRow(new MonitorId(chance.uuid()), settings(), 1, false, someLocations());
        rows.monitors.put(fresh.id(), fresh);
        return "adds " + name(fresh) + ", every " + fresh.settings().period();
    }

    /** All are gone and none is left to fill a quiet end with. */
    boolean isIdle(Rows rows) {
        return rows.monitors.values().stream().allMatch(MonitorRow::paused);
    }

    private static void put(
            Rows rows, MonitorRow one, MonitorSettings settings, boolean paused, Set<LocationId> where) {
        rows.monitors.put(one.id(), new MonitorRow(one.id(), settings, one.revision() + 1, paused, where));
    }

    private Set<LocationId> someLocations() {
        Set<LocationId> some = new LinkedHashSet<>();
        some.add(chance.oneOf(locations));
        if (chance.onceIn(2)) {
            some.addAll(locations);
        }
        return some;
    }

    private MonitorSettings settings() {
        return new MonitorSettings(
                MonitorType.SMTP,
                new MailHost("mail" + chance.between(1, 3) + ".example.org"),
                25,
                Security.NONE,
                FamilyChoice.ANY,
                null,
                chance.oneOf(PERIODS),
                Duration.ofSeconds(10),
                new Thresholds(null, null),
                new CertificatePolicy(14, 3, true),
                Expectations.NONE,
                null,
                null,
                null);
    }

    private static String name(MonitorRow monitor) {
        return "monitor " + monitor.id().toString().substring(0, 8);
    }
}
