/**
 * The record of a run as an agent reports it, and how it is shown: the JSON, the sentence, the certificates for people.
 * Pure values, used by everything that stores, judges or shows results; it uses none of them.
 */
@ApplicationModule(allowedDependencies = {"shared"})
@NullMarked
package io.postwatch.controller.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
