package io.postwatch.controller.monitor;

import java.util.Optional;
import java.util.regex.Pattern;

/** In which order a list of monitors is read; ids decide between equals. */
public enum MonitorOrder {
    NAME("lower(m.name)", false),
    NAME_DESCENDING("lower(m.name)", true),
    HOST("m.host", false),
    AGE("m.created_at", false),
    AGE_DESCENDING("m.created_at", true);

    private static final Pattern MICROS = Pattern.compile("[0-9]{1,16}");

    private final String key;
    private final boolean descending;

    MonitorOrder(String key, boolean descending) {
        this.key = key;
        this.descending = descending;
    }

    String orderBy() {
        String direction = descending ? " DESC" : "";
        return key + direction + ", m.monitor_id" + direction;
    }

    /** Which monitors come after a cursor's key and id. */
    String after() {
        String place = byAge() ? "timestamptz 'epoch' + :afterKey * interval '1 microsecond'" : ":afterKey";
        return "(" + key + ", m.monitor_id) " + (descending ? "<" : ">") + " (" + place + ", :afterId)";
    }

    /** How a cursor names the key of a monitor. */
    String keyColumn() {
        return byAge() ? "(extract(epoch FROM m.created_at) * 1000000)::bigint::text" : key;
    }

    /** The key of a cursor as the database takes it; empty where the cursor is none of this order. */
    Optional<Object> parse(String afterKey) {
        if (!byAge()) {
            return Optional.of(afterKey);
        }
        return MICROS.matcher(afterKey).matches() ? Optional.of(Long.valueOf(afterKey)) : Optional.empty();
    }

    private boolean byAge() {
        return this == AGE || this == AGE_DESCENDING;
    }
}
