/**
 * The certificates that were seen, each once by fingerprint. Written by evaluation; read by result.
 */
@ApplicationModule(allowedDependencies = {"shared", "run"})
@NullMarked
package io.postwatch.controller.certificate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
