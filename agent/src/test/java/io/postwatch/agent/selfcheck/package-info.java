/** Tests of the package of the same name. Called by the build alone. */
@NullMarked
package io.postwatch.agent.selfcheck;

import org.jspecify.annotations.NullMarked;
