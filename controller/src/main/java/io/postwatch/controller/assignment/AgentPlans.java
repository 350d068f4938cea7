package io.postwatch.controller.assignment;

import io.postwatch.controller.fleet.AgentSession;
import io.postwatch.controller.fleet.Agents;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorSettings;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.SeriesId;
import io.postwatch.controller.shared.TenantId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What each agent is to run, read for telling it. Safe for all threads. */
@Component
public class AgentPlans {
    /** Above so many changed monitors of one tenant, all are read at once. */
    private static final int READ_ONE_BY_ONE = 20;

    private final SystemTransactions transactions;
    private final PlacementRows rows;
    private final Agents agents;
    private final Monitors monitors;
    private final Logins logins;

    AgentPlans(SystemTransactions transactions, PlacementRows rows, Agents agents, Monitors monitors, Logins logins) {
        this.transactions = transactions;
        this.rows = rows;
        this.agents = agents;
        this.monitors = monitors;
        this.logins = logins;
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
        Map<MonitorKey, MonitorDefinition> definitions = definitions(toTell);
        SortedMap<Long, Long> after = revisions(all);
        List<AssignmentOrder> assigned = new ArrayList<>();
        List<SeriesId> withdrawn = new ArrayList<>(change.withdrawn());
        for (PlacementRow row : toTell) {
            MonitorDefinition monitor = definitions.get(row.key());
            if (monitor == null || monitor.paused()) {
                // Deleted or paused a moment ago; its placement ends too.
                after.remove(row.series().value());
                if (told.covers(row.series(), 0)) {
                    withdrawn.add(row.series());
                }
                continue;
            }
            assigned.add(order(agent, row, monitor));
            after.put(row.series().value(), monitor.revision());
        }
        return new PlanChange(DesiredState.of(revision, after), assigned, withdrawn);
    }

    private AssignmentOrder order(PlacedAgent agent, PlacementRow row, MonitorDefinition monitor) {
        MonitorSettings settings = monitor.settings();
        Bytes purpose = Bytes.of(
                ByteBuffer.allocate(Long.BYTES).putLong(row.series().value()).array());
        return new AssignmentOrder(
                row.series(),
                monitor.revision(),
                monitor.id(),
                share(agent.id(), monitor.tenant()),
                settings.period(),
                Grid.anchor(monitor.id(), settings.period()),
                CheckOrder.of(settings),
                sealed(agent, monitor, purpose));
    }

    private @Nullable SealedLogin sealed(PlacedAgent agent, MonitorDefinition monitor, Bytes purpose) {
        var login = monitor.settings().login();
        var password = monitor.password();
        return login == null || password == null
                ? null
                : logins.seal(agent, purpose, login.username(), logins.stored(monitor.tenant(), password));
    }

    private Map<MonitorKey, MonitorDefinition> definitions(List<PlacementRow> rowsToTell) {
        Map<TenantId, List<PlacementRow>> byTenant =
                rowsToTell.stream().collect(Collectors.groupingBy(PlacementRow::tenant));
        Map<MonitorKey, MonitorDefinition> definitions = new HashMap<>();
        byTenant.forEach((tenant, some) -> {
            List<MonitorDefinition> read = some.size() > READ_ONE_BY_ONE
                    ? monitors.ofTenant(tenant)
                    : some.stream()
                            .map(PlacementRow::monitor)
                            .distinct()
                            .flatMap(id -> monitors.find(tenant, id).stream())
                            .toList();
            read.forEach(monitor -> definitions.put(new MonitorKey(tenant, monitor.id()), monitor));
        });
        return definitions;
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
