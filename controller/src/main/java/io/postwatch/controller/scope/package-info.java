/**
 * Who acts for which tenant: the two data sources, the tenant of the running transaction, row-level security. Every module that touches the database goes through it.
 */
@ApplicationModule(allowedDependencies = {"shared"})
@NullMarked
package io.postwatch.controller.scope;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
