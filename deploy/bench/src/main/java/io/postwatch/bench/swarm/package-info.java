/**
 * Thousands of agents in one process against one controller: each with its own identity, connection and session, and
 * nothing that probes. They speak the protocol as the agent does, enrolment, back-off and silence included.
 */
@NullMarked
package io.postwatch.bench.swarm;

import org.jspecify.annotations.NullMarked;
