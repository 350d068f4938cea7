/**
 * The time of a run: the monotonic clock, its one absolute end, and the phases it is told in. Used by whoever starts,\n * times or ends a run.
 */
@NullMarked
package io.postwatch.agent.probe.time;

import org.jspecify.annotations.NullMarked;
