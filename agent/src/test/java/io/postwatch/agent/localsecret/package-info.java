/** Tests of the package of the same name. Called by the build alone. */
@NullMarked
package io.postwatch.agent.localsecret;

import org.jspecify.annotations.NullMarked;
