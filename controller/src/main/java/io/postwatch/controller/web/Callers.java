package io.postwatch.controller.web;

import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Who calls and where they are members: the port that module identity implements, since it uses this one. */
public interface Callers {
    /**
     * The session of a request.
     *
     * @param activity whether the request counts against the idle limit
     */
    Optional<Caller> find(HttpServletRequest request, boolean activity);

    /** Whether the session that was found earlier still stands. Counts as no activity. */
    boolean isStillSignedIn(Caller caller);

    Optional<Role> role(TenantId tenant, UserId user);
}
