package io.postwatch.controller.status;

import io.postwatch.controller.monitor.KeyedMonitor;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorFilter;
import io.postwatch.controller.monitor.MonitorOrder;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Pages of monitors. What the database can order and filter it does; status is judged on reading, in large strides. Part of the tenant's transaction. */
@Component
class MonitorLists {
    private static final int STRIDE = 1_000;
    private static final MonitorFilter EVERYTHING = new MonitorFilter(null, null, null, null, null, null);

    private final Monitors monitors;
    private final MonitorStatuses statuses;

    MonitorLists(Monitors monitors, MonitorStatuses statuses) {
        this.monitors = monitors;
        this.statuses = statuses;
    }

    /** A monitor in a list, with its status. */
    record Listed(KeyedMonitor monitor, MonitorStatusView status) {
        Cursor position() {
            return Cursor.at(monitor.key(), monitor.monitor().id());
        }

        Cursor positionByStatus() {
            return Cursor.at(
                    rank(status.status()), monitor.key(), monitor.monitor().id());
        }
    }

    Page<Listed> page(TenantId tenant, MonitorFilter filter, @Nullable Status status, MonitorSort sort, Paging paging) {
        if (sort == MonitorSort.STATUS) {
            return pageByStatus(tenant, filter, status, paging);
        }
        List<Listed> found = new ArrayList<>();
        Cursor after = paging.after();
        while (found.size() < paging.fetch()) {
            int stride = status == null ? paging.fetch() : STRIDE;
            List<Listed> rows = judged(tenant, read(tenant, filter, sort.order(), after, stride));
            rows.stream()
                    .filter(row -> status == null || row.status().status() == status)
                    .limit(paging.fetch() - (long) found.size())
                    .forEach(found::add);
            if (rows.size() < stride) {
                break;
            }
            after = rows.getLast().position();
        }
        return Page.of(found, paging, Listed::position, row -> row);
    }

    private Page<Listed> pageByStatus(TenantId tenant, MonitorFilter filter, @Nullable Status status, Paging paging) {
        Cursor after = paging.after();
        // Read in the order of names, which a stable sort by status keeps among equals.
        List<Listed> found = all(tenant, filter).stream()
                .filter(row -> status == null || row.status().status() == status)
                .sorted(Comparator.comparingInt(row -> rank(row.status().status())))
                .toList();
        int begin = after == null ? 0 : begin(found, after);
        List<Listed> rest = found.subList(begin, Math.min(found.size(), begin + paging.fetch()));
        return Page.of(rest, paging, Listed::positionByStatus, row -> row);
    }

    /** Of all monitors of the tenant. */
    MonitorCountsView count(TenantId tenant) {
        Map<Status, Integer> running = new EnumMap<>(Status.class);
        int paused = 0;
        for (Listed row : all(tenant, EVERYTHING)) {
            if (row.monitor().monitor().paused()) {
                paused++;
            } else {
                running.merge(row.status().status(), 1, Integer::sum);
            }
        }
        return MonitorCountsView.of(running, paused);
    }

    /** In the order of names. */
    private List<Listed> all(TenantId tenant, MonitorFilter filter) {
        List<Listed> all = new ArrayList<>();
        Cursor position = null;
        List<KeyedMonitor> rows;
        do {
            rows = read(tenant, filter, MonitorOrder.NAME, position, STRIDE);
            all.addAll(judged(tenant, rows));
            position = rows.isEmpty()
                    ? position
                    : Cursor.at(rows.getLast().key(), rows.getLast().monitor().id());
        } while (rows.size() == STRIDE);
        return all;
    }

    /** The first row behind a cursor: behind its monitor or, where that has left its place, behind all of better rank. */
    private static int begin(List<Listed> found, Cursor after) {
        long rank = after.number(0);
        MonitorId id = new MonitorId(after.uuid(2));
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).monitor().monitor().id().equals(id)
                    && rank(found.get(i).status().status()) == rank) {
                return i + 1;
            }
        }
        String key = after.text(1);
        int begin = 0;
        while (begin < found.size() && !behind(found.get(begin), rank, key)) {
            begin++;
        }
        return begin;
    }

    private static boolean behind(Listed row, long rank, String key) {
        int own = rank(row.status().status());
        return own > rank || (own == rank && row.monitor().key().compareTo(key) > 0);
    }

    private List<KeyedMonitor> read(
            TenantId tenant, MonitorFilter filter, MonitorOrder order, @Nullable Cursor after, int limit) {
        return after == null
                ? monitors.page(tenant, filter, order, null, null, limit)
                : monitors.page(tenant, filter, order, after.text(0), new MonitorId(after.uuid(1)), limit);
    }

    private List<Listed> judged(TenantId tenant, List<KeyedMonitor> rows) {
        List<MonitorDefinition> definitions =
                rows.stream().map(KeyedMonitor::monitor).toList();
        Map<MonitorId, MonitorStatusView> found = statuses.outline(tenant, definitions);
        List<Listed> listed = new ArrayList<>();
        for (KeyedMonitor row : rows) {
            MonitorStatusView status = found.get(row.monitor().id());
            if (status != null) {
                listed.add(new Listed(row, status));
            }
        }
        return listed;
    }

    private static int rank(Status status) {
        return switch (status) {
            case ERROR -> 0;
            case WARNING -> 1;
            case NO_DATA -> 2;
            case OK -> 3;
        };
    }
}
