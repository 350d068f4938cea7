/**
 * Which agent runs which monitor, written down and told: revisions, snapshot and delta, triggered runs; by which rule is in
 * {@code placement}. Used by monitortest, status and gateway; it never stores results.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web::events",
            "audit",
            "check",
            "monitor",
            "proof",
            "fleet",
            "fleet::news",
            "liveness",
            "series",
            "secret"
        })
@NullMarked
package io.postwatch.controller.assignment;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
