/**
 * The agent's program: reads its configuration, wires the parts together and runs until it is told to stop. May use
 * every package below it; none of them uses it.
 */
@NullMarked
package io.postwatch.agent;

import org.jspecify.annotations.NullMarked;
