/**
 * The words of the product as enumerations, the failure codes, bytes and digests as values; typed ids are in {@code id}. No
 * Spring. Every module may use all of it, so it is open; it uses none.
 */
@ApplicationModule(
        type = ApplicationModule.Type.OPEN,
        allowedDependencies = {})
@NullMarked
package io.postwatch.controller.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
