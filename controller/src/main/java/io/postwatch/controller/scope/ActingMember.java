package io.postwatch.controller.scope;

import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;

/**
 * Who asks, in which tenant, with which role. Controller methods take it as an argument; it was checked before.
 *
 * @param email by which people know the user
 * @param address from where the request came
 */
public record ActingMember(TenantId tenant, UserId user, Role role, String email, String address) {}
