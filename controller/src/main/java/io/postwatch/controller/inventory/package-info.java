/**
 * Components: the things that are watched. Used by monitor and fleet.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "web::events", "web::problem", "audit"})
@NullMarked
package io.postwatch.controller.inventory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
