/**
 * Locations, agents, their enrolment, certificates and sessions. Used by monitor, assignment and gateway.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "tenancy", "inventory", "home"})
@NullMarked
package io.postwatch.controller.fleet;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
