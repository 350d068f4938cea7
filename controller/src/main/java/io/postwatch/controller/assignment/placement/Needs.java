package io.postwatch.controller.assignment.placement;

import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a series asks of its agent.
 *
 * @param mechanisms one of these; empty where it leaves the choice of a password's mechanism or logs in nowhere
 * @param localSecret that its host knows; null where it needs none
 */
record Needs(
        MonitorType type,
        AddressFamily family,
        Set<AuthMechanism> mechanisms,
        @Nullable LocalSecretName localSecret) {
    Needs {
        mechanisms = Set.copyOf(mechanisms);
    }

    static Needs of(MonitorSettings settings, AddressFamily family) {
        MonitorLogin login = settings.login();
        return new Needs(settings.type(), family, mechanisms(login), login == null ? null : login.localSecret());
    }

    Needs withoutLocalSecret() {
        return new Needs(type, family, mechanisms, null);
    }

    private static Set<AuthMechanism> mechanisms(@Nullable MonitorLogin login) {
        if (login == null) {
            return Set.of();
        }
        if (login.mechanism() != null) {
            return Set.of(login.mechanism());
        }
        return switch (login.secret()) {
            case PASSWORD -> Set.of();
            case ACCESS_TOKEN ->
                Arrays.stream(AuthMechanism.values())
                        .filter(AuthMechanism::takesToken)
                        .collect(Collectors.toSet());
        };
    }
}
