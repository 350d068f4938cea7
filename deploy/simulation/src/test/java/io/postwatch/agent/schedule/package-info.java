/** The agent's schedule as a simulation has it: looked at when its world says so, without threads. */
@NullMarked
package io.postwatch.agent.schedule;

import org.jspecify.annotations.NullMarked;
