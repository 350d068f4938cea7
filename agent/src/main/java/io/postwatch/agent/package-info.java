/**
 * The agent's program: command line, configuration, and the wiring of its parts. Called by the Java launcher; nothing
 * else of the agent uses it.
 */
@NullMarked
package io.postwatch.agent;

import org.jspecify.annotations.NullMarked;
