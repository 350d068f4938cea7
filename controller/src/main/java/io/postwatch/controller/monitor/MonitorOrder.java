package io.postwatch.controller.monitor;

/** In which order a list of monitors is read; ids decide between equals. */
public enum MonitorOrder {
    NAME("lower(m.name)", false),
    NAME_DESCENDING("lower(m.name)", true),
    HOST("m.host", false),
    AGE("m.created_at", false),
    AGE_DESCENDING("m.created_at", true);

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
        String cast = this == AGE || this == AGE_DESCENDING ? "::timestamptz" : "";
        return "(" + key + ", m.monitor_id) " + (descending ? "<" : ">") + " (:afterKey" + cast + ", :afterId::uuid)";
    }

    /** How the database writes the key of a monitor. */
    String keyColumn() {
        return key + "::text";
    }
}
