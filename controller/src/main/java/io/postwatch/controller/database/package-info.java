/**
 * The database before anything uses it: an embedded PostgreSQL where no URL is given, the run-time roles, the migrations,
 * and the refusal to run as a role that row-level security doesn't bind. Used by scope, which takes the logins it hands out.
 */
@ApplicationModule(allowedDependencies = {"shared", "home"})
@NullMarked
package io.postwatch.controller.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
