/**
 * The agent as a simulation has it: its real session, desk, schedule and clock, in a process of virtual time, on a stream
 * that the simulation carries. Only what would block or start threads is replaced.
 */
@NullMarked
package io.postwatch.agent.link;

import org.jspecify.annotations.NullMarked;
