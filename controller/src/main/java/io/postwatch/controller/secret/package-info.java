/**
 * Secrets at rest under envelope encryption, and sealed to an agent's key on their way out. Used by the modules that own something secret; the only place that sees plaintext.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "audit", "database", "home"})
@NullMarked
package io.postwatch.controller.secret;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
