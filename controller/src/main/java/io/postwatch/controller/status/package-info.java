/**
 * Pure rules from results to the status of a series and a monitor. Read by the API; takes what result hands out.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web",
            "web::problem",
            "check",
            "monitor",
            "inventory",
            "fleet",
            "result",
            "assignment",
            "assignment::login",
            "series",
            "run"
        })
@NullMarked
package io.postwatch.controller.status;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
