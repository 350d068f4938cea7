/**
 * The append-only record of who did what, and how it is read and exported. Any module may write to it, inside the
 * transaction of what it records.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "web", "web::problem"})
@NullMarked
package io.postwatch.controller.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
