/**
 * What a controller keeps on its own disk: its folder and the key-encryption keys in it, with the command line for them; and
 * the one way a start is refused. Used by database and secret, and by whoever reads a secret from the configuration.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postwatch.controller.home;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
