/**
 * Monitors: what is checked, how, from where; defaults and validation. Used by assignment and everything that speaks of results.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web",
            "web::events",
            "web::problem",
            "audit",
            "check",
            "tenancy",
            "inventory",
            "secret",
            "fleet",
            "proof"
        })
@NullMarked
package io.postwatch.controller.monitor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
