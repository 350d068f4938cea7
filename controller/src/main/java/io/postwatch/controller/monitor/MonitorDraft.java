package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.ComponentId;
import io.postwatch.controller.shared.SecretId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that was found good, with every default filled in: ready to be stored or tried.
 *
 * @param component null: the one named after the host
 * @param newPassword the password of the request
 * @param keptPassword the stored password of the monitor that the request changes, where the request brings none
 */
public record MonitorDraft(
        String name,
        @Nullable ComponentId component,
        MonitorSettings settings,
        LocationSelection locations,
        List<String> tags,
        @Nullable Password newPassword,
        @Nullable SecretId keptPassword) {
    public MonitorDraft {
        tags = List.copyOf(tags);
        boolean one = (newPassword == null) != (keptPassword == null);
        boolean none = newPassword == null && keptPassword == null;
        if (settings.login() == null ? !none : !one) {
            throw new IllegalArgumentException("A login has one password, and a password a login");
        }
    }
}
