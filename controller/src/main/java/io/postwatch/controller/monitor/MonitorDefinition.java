package io.postwatch.controller.monitor;

import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A monitor as it is stored.
 *
 * @param secret the stored password or access token, present exactly where the settings have a login that is not
 *     with a secret of the agent's host
 * @param revision grows with every change
 */
public record MonitorDefinition(
        TenantId tenant,
        MonitorId id,
        String name,
        ComponentId component,
        MonitorSettings settings,
        @Nullable SecretId secret,
        LocationSelection locations,
        List<String> tags,
        boolean paused,
        long revision,
        Instant createdAt,
        Instant updatedAt) {
    public MonitorDefinition {
        tags = List.copyOf(tags);
        MonitorLogin login = settings.login();
        if ((login != null && login.isStored()) != (secret != null)) {
            throw new IllegalArgumentException("A stored login has a secret and the secret such a login");
        }
    }
}
