/**
 * Which agents are there: their sessions with the fencing epoch, what heartbeats tell, and the leases of controllers.
 * Used by assignment, which tells standing sessions what to run, and by gateway, which holds them.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "fleet::news", "enrolment", "home"})
@NullMarked
package io.postwatch.controller.liveness;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
