/** Keys for simulated agents. */
@NullMarked
package io.postwatch.agent.identity;

import org.jspecify.annotations.NullMarked;
