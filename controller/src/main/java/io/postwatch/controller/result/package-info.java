/**
 * Results of runs: storing of batches, partitions, reading for lists and charts. Written by evaluation only; read by status and the API.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web",
            "web::problem",
            "check",
            "fleet",
            "monitor",
            "series",
            "run",
            "certificate"
        })
@NullMarked
package io.postwatch.controller.result;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
