package io.postwatch.controller.identity;

import io.postwatch.controller.tenancy.Tenants;
import io.postwatch.controller.web.Caller;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Puts together what a signed-in person is told about the session. */
@Component
class SessionViews {
    private final Users users;
    private final Tenants tenants;

    SessionViews(Users users, Tenants tenants) {
        this.users = users;
        this.tenants = tenants;
    }

    SessionView of(Caller caller) {
        List<SessionView.TenantMembership> memberships = users.tenantsOf(caller.user()).stream()
                .flatMap(tenant -> Stream.ofNullable(
                                users.role(tenant, caller.user()).orElse(null))
                        .map(role -> new SessionView.TenantMembership(
                                tenant, tenants.name(tenant).orElse(""), role)))
                .toList();
        String email = users.email(caller.user()).orElse("");
        return new SessionView(new SessionView.User(caller.user(), email), memberships, caller.csrfToken());
    }
}
