/**
 * What this agent is to do: the desired state as the controller last told it, how snapshots and changes alter it, and
 * its encrypted copy on disk, by which probing survives a restart without the controller. Called by link, which fills
 * it, and by schedule, which runs it.
 */
@NullMarked
package io.postwatch.agent.assignment;

import org.jspecify.annotations.NullMarked;
