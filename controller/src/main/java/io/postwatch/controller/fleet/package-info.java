/**
 * Locations and the agents at them, as their tenant sees and changes them. Used by enrolment, liveness, monitor and all
 * that place or show something.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "web::events", "web::problem"})
@NullMarked
package io.postwatch.controller.fleet;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
