/**
 * What one run of a monitor does, in records that check themselves. Made by monitor, told to agents by the gateway; it knows of nothing else.
 */
@ApplicationModule(allowedDependencies = "shared")
@NullMarked
package io.postwatch.controller.check;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
