/**
 * Tenants: who the customers are. Used by the modules that own tenant data; uses none of them.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope"})
@NullMarked
package io.postwatch.controller.tenancy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
