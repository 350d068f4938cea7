/**
 * Who acts for which tenant: the tenant of the running transaction, the data source that follows it, and the three
 * kinds of transaction. Every module that touches the database goes through it; no statement runs outside.
 */
@ApplicationModule(allowedDependencies = {"shared", "database"})
@NullMarked
package io.postwatch.controller.scope;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
