package io.postwatch.controller.monitor;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.SecretId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that was found good, with every default filled in: ready to be stored or tried.
 *
 * @param component null: the one named after the host
 * @param newSecret the password or access token of the request; null too where an agent's host knows it
 * @param keptSecret the stored one of the monitor that the request changes, where the request brings none
 */
public record MonitorDraft(
        String name,
        @Nullable ComponentId component,
        MonitorSettings settings,
        LocationSelection locations,
        List<String> tags,
        @Nullable LoginSecret newSecret,
        @Nullable SecretId keptSecret) {
    public MonitorDraft {
        tags = List.copyOf(tags);
        MonitorLogin login = settings.login();
        int secrets = (newSecret == null ? 0 : 1) + (keptSecret == null ? 0 : 1);
        int wanted = login != null && login.isStored() ? 1 : 0;
        if (secrets != wanted) {
            throw new IllegalArgumentException("A stored login has one secret, any other and no login has none");
        }
    }
}
