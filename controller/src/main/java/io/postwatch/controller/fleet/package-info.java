/**
 * Locations and the agents at them, as their tenant sees and changes them. What became of them is told in {@code news}.
 * Used by enrolment, liveness, monitor and all that place or show something.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "web::events", "web::problem", "audit"})
@NullMarked
package io.postwatch.controller.fleet;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
