/** The agent's spool as a simulation has it: in memory for most seeds, the real file for the others, and both compared. */
@NullMarked
package io.postwatch.agent.spool;

import org.jspecify.annotations.NullMarked;
