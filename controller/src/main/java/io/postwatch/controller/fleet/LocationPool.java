package io.postwatch.controller.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a location that are not revoked, in numbers.
 *
 * @param online that have a session, in maintenance or not
 * @param inMaintenance whether connected or not
 * @param working that have a session and are not in maintenance
 * @param met that are not in maintenance and have ever had a session
 * @param silentSince when the last of them was heard of, once it is certain that none reports
 */
public record LocationPool(
        int agents,
        int online,
        int inMaintenance,
        int working,
        int met,
        @Nullable Instant silentSince) {
    static final LocationPool EMPTY = new LocationPool(0, 0, 0, 0, 0, null);

    public LocationState state() {
        if (agents == 0) {
            return LocationState.NO_AGENT;
        }
        if (working > 0) {
            return LocationState.ONLINE;
        }
        if (met > 0) {
            return silentSince == null ? LocationState.ONLINE : LocationState.SILENT;
        }
        return inMaintenance > 0 ? LocationState.IN_MAINTENANCE : LocationState.NEVER_CONNECTED;
    }
}
