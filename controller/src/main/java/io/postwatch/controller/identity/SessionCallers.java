package io.postwatch.controller.identity;

import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.Caller;
import io.postwatch.controller.web.Callers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Callers by their session cookie. */
@Component
class SessionCallers implements Callers {
    private final Sessions sessions;
    private final Users users;

    SessionCallers(Sessions sessions, Users users) {
        this.sessions = sessions;
        this.users = users;
    }

    @Override
    public Optional<Caller> find(HttpServletRequest request, boolean activity) {
        return SessionCookie.read(request).flatMap(token -> sessions.find(token, activity));
    }

    @Override
    public boolean isStillSignedIn(Caller caller) {
        return sessions.isStanding(caller);
    }

    @Override
    public Optional<Role> role(TenantId tenant, UserId user) {
        return users.role(tenant, user);
    }
}
