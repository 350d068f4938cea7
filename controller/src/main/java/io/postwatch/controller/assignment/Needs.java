package io.postwatch.controller.assignment;

import io.postwatch.controller.monitor.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.MonitorType;
import org.jspecify.annotations.Nullable;

/** What a monitor asks of its agent; no mechanism where it leaves the choice or logs in nowhere. */
record Needs(
        MonitorType type, AddressFamily family, @Nullable AuthMechanism mechanism) {
    static Needs of(MonitorSettings settings) {
        return new Needs(
                settings.type(),
                settings.addressFamily(),
                settings.login() == null ? null : settings.login().mechanism());
    }
}
