/**
 * What the controllers on one database tell each other: notes, each controller's in order, read by polling and hastened by
 * a hint. Used by web, monitortest and gateway; it knows nothing of what the notes say.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "database"})
@NullMarked
package io.postwatch.controller.peers;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
