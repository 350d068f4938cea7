/**
 * Series: one monitor at one location for one target, under the narrow number that results are keyed by. Made by
 * assignment when a monitor is placed; read by evaluation, result and status.
 */
@ApplicationModule(allowedDependencies = {"shared"})
@NullMarked
package io.postwatch.controller.series;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
