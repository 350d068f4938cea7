/**
 * Which agent runs which monitor: series, placement, revisions, snapshot and delta, triggered runs, monitor tests. Used by result, evaluation and gateway; it never stores results.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "monitor", "fleet", "secret"})
@NullMarked
package io.postwatch.controller.assignment;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
