/** Tests of the agent as a whole: its inner borders, and the program. */
@NullMarked
package io.postwatch.agent;

import org.jspecify.annotations.NullMarked;
