/**
 * Typed ids, the words of the product as enumerations, and the failure codes. No Spring. Every module may use it; it uses none.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postwatch.controller.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
