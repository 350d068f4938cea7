package io.postwatch.controller.assignment;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.Agents;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** What each agent is to run, read for telling it. Safe for all threads. */
@Component
public class AgentPlans {
    private static final Logger LOG = LoggerFactory.getLogger(AgentPlans.class);

    /** So many orders take a small part of what the database waits for a word, however busy this host is. */
    private static final int SAYS_AFTER = 200;

    private final SystemTransactions transactions;
    private final PlacementRows rows;
    private final Agents agents;
    private final Monitors monitors;
    private final Logins logins;
    private final SyncReports reports;

    AgentPlans(
            SystemTransactions transactions,
            PlacementRows rows,
            Agents agents,
            Monitors monitors,
            Logins logins,
            SyncReports reports) {
        this.transactions = transactions;
        this.rows = rows;
        this.agents = agents;
        this.monitors = monitors;
        this.logins = logins;
        this.reports = reports;
    }

    /** What the agent is to run, as numbers. */
    public DesiredState wanted(AgentSession session) {
        return transactions.call(() -> {
            long revision =
                    agents.holdWantedRevision(session.tenant(), session.agent()).orElse(0L);
            return state(revision, rows.ofAgent(session.agent()));
        });
    }

    /**
     * What must be told to an agent that was told {@code told}; with {@code whole}, everything there is. A monitor that
     * was edited a moment ago is told as it is now, although its placement has not been looked at again yet.
     */
    public PlanChange change(AgentSession session, DesiredState told, boolean whole) {
        return transactions.call(() -> {
            long revision =
                    agents.holdWantedRevision(session.tenant(), session.agent()).orElse(0L);
            Optional<PlacedAgent> agent = agents.find(session.tenant(), session.agent());
            if (agent.isEmpty()) {
                return new PlanChange(DesiredState.of(revision, new TreeMap<>()), List.of(), List.of());
            }
            return change(agent.get(), revision, told, whole);
        });
    }

    private PlanChange change(PlacedAgent agent, long revision, DesiredState told, boolean whole) {
        List<PlacementRow> all = rows.ofAgent(agent.id());
        DesiredState placed = state(revision, all);
        DesiredState.Change change = placed.since(whole ? DesiredState.NOTHING : told);
        Set<SeriesId> changed = new HashSet<>(change.assigned());
        List<PlacementRow> toTell =
                all.stream().filter(row -> changed.contains(row.series())).toList();
        Map<MonitorKey, MonitorDefinition> definitions =
                monitors.find(toTell.stream().map(PlacementRow::key).collect(Collectors.toSet()));
        Map<SecretId, LoginSecret> secrets = logins.stored(definitions.values());
        SortedMap<Long, Long> after = revisions(all);
        List<AssignmentOrder> assigned = new ArrayList<>();
        List<SeriesId> withdrawn = new ArrayList<>(change.withdrawn());
        List<PlacementRow> unreadable = new ArrayList<>();
        int made = 0;
        for (PlacementRow row : toTell) {
            if (++made % SAYS_AFTER == 0) {
                rows.stillAtWork();
            }
            Optional<AssignmentOrder> order =
                    order(agent, row, Optional.ofNullable(definitions.get(row.key())), secrets, unreadable);
            if (order.isEmpty()) {
                after.remove(row.series().value());
                if (told.covers(row.series(), 0)) {
                    withdrawn.add(row.series());
                }
                continue;
            }
            assigned.add(order.get());
            after.put(row.series().value(), order.get().revision());
        }
        // What was not told is never in what was told: each change meets every unreadable one anew.
        reports.unreadable(agent.id(), unreadable);
        return new PlanChange(DesiredState.of(revision, after), assigned, withdrawn);
    }

    /**
     * Nothing for a monitor that was deleted, paused or taken off this target a moment ago, and for one whose password can't be read, which is
     * added to {@code unreadable}.
     */
    private Optional<AssignmentOrder> order(
            PlacedAgent agent,
            PlacementRow row,
            Optional<MonitorDefinition> definition,
            Map<SecretId, LoginSecret> secrets,
            List<PlacementRow> unreadable) {
        Optional<MonitorDefinition> active = definition.filter(monitor -> runs(monitor, row));
        try {
            return active.map(monitor -> orderOf(agent, row, monitor, secrets));
        } catch (DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException _) {
            // Its password may have been replaced since it was read: then it names another one now.
            return orderAgain(agent, row, unreadable);
        }
    }

    private static boolean runs(MonitorDefinition monitor, PlacementRow row) {
        return !monitor.paused()
                && monitor.settings()
                        .addressFamily()
                        .targets()
                        .contains(row.place().target());
    }

    private Optional<AssignmentOrder> orderAgain(PlacedAgent agent, PlacementRow row, List<PlacementRow> unreadable) {
        Optional<MonitorDefinition> now = monitors.find(row.tenant(), row.monitor());
        try {
            return now.filter(monitor -> runs(monitor, row)).map(monitor -> orderOf(agent, row, monitor, Map.of()));
        } catch (DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException failed) {
            // One monitor's password must not keep the agent from all others. What failed has seen the password: only
            // its kind is told.
            LOG.error(
                    "Monitor {} is not run by agent {}: its password can't be read or sealed ({}); save it again",
                    row.monitor(),
                    agent.id(),
                    failed.getClass().getName());
            unreadable.add(row);
            return Optional.empty();
        }
    }

    private AssignmentOrder orderOf(
            PlacedAgent agent, PlacementRow row, MonitorDefinition monitor, Map<SecretId, LoginSecret> secrets) {
        MonitorSettings settings = monitor.settings();
        Bytes purpose = Bytes.of(
                ByteBuffer.allocate(Long.BYTES).putLong(row.series().value()).array());
        return new AssignmentOrder(
                row.series(),
                monitor.revision(),
                monitor.id(),
                share(agent.id(), monitor.tenant()),
                Grid.anchor(monitor.id(), settings, row.place().target()),
                settings,
                row.place().target(),
                sealed(agent, monitor, purpose, secrets));
    }

    private @Nullable SealedLogin sealed(
            PlacedAgent agent, MonitorDefinition monitor, Bytes purpose, Map<SecretId, LoginSecret> secrets) {
        var login = monitor.settings().login();
        var secret = monitor.secret();
        if (login == null) {
            return null;
        }
        if (secret == null) {
            return logins.seal(agent, purpose, login, null);
        }
        LoginSecret read = Optional.ofNullable(secrets.get(secret))
                .or(() -> logins.stored(monitor.tenant(), secret))
                .orElseThrow(() -> new IllegalStateException("The secret " + secret + " can't be read"));
        return logins.seal(agent, purpose, login, read);
    }

    private static DesiredState state(long revision, List<PlacementRow> all) {
        return DesiredState.of(revision, revisions(all));
    }

    private static SortedMap<Long, Long> revisions(List<PlacementRow> all) {
        SortedMap<Long, Long> revisions = new TreeMap<>();
        all.forEach(row -> revisions.put(row.series().value(), row.revision()));
        return revisions;
    }

    /** The same for the same tenant at the same agent, and saying nothing about who it is. */
    private static int share(AgentId agent, TenantId tenant) {
        long hash = Digests.first8Bytes(ByteBuffer.allocate(32)
                .putLong(agent.value().getMostSignificantBits())
                .putLong(agent.value().getLeastSignificantBits())
                .putLong(tenant.value().getMostSignificantBits())
                .putLong(tenant.value().getLeastSignificantBits())
                .array());
        return (int) hash & Integer.MAX_VALUE;
    }
}
