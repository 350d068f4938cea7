/**
 * Which mail domains a tenant has proven to be theirs: by a text in the DNS that several public agents have seen. The rules,
 * the looks and their API; whoever lets agents log in or name recipients asks it.
 */
@ApplicationModule(
        allowedDependencies = {"shared", "scope", "web", "web::events", "web::problem", "audit", "check", "fleet"})
@NullMarked
package io.postwatch.controller.proof;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
