/**
 * Users, members and roles, the first set-up, sign-in and sessions. Uses tenancy; nothing but notification will use it.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "web::problem", "audit", "tenancy", "home"})
@NullMarked
package io.postwatch.controller.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
