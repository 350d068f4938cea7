/**
 * The one transaction of a batch of results. Called by gateway only.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web::events",
            "liveness",
            "series",
            "run",
            "result",
            "certificate",
            "monitor",
            "assignment::login"
        })
@NullMarked
package io.postwatch.controller.evaluation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
