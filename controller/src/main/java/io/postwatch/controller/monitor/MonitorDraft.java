package io.postwatch.controller.monitor;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.SecretId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that was found good, with every default filled in: ready to be stored or tried.
 *
 * @param component null: the one named after the host
 * @param newSecret the password or access token of the request
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
        boolean one = (newSecret == null) != (keptSecret == null);
        boolean none = newSecret == null && keptSecret == null;
        if (settings.login() == null ? !none : !one) {
            throw new IllegalArgumentException("A login has one secret, and the secret a login");
        }
    }
}
