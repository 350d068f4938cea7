/**
 * Which mail domains a tenant has proven to be theirs: by a text in the DNS that several agents have seen. Pure rules and
 * their storage; whoever lets agents log in or name recipients asks it.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "check"})
@NullMarked
package io.postwatch.controller.proof;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
