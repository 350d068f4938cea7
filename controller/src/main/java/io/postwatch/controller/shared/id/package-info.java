/**
 * The typed ids of everything that has one, and where new ones come from. A mix-up of two ids does not compile.
 */
@NullMarked
package io.postwatch.controller.shared.id;

import org.jspecify.annotations.NullMarked;
