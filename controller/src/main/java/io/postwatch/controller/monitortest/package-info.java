/**
 * Monitor tests: a run on demand at some locations, before a monitor is saved or after. Used by gateway, which implements
 * its port to the agents; what it learns is forgotten after an hour.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web",
            "web::events",
            "web::problem",
            "peers",
            "check",
            "fleet",
            "monitor",
            "assignment",
            "assignment::login",
            "audit",
            "assignment::placement",
            "series",
            "run",
            "secret"
        })
@NullMarked
package io.postwatch.controller.monitortest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
