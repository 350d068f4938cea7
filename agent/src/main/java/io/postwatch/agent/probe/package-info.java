/**
 * The port of the prober: what a run is asked for and what it reports. Pure JDK; used by every other package of the
 * agent and using none of them.
 */
@NullMarked
package io.postwatch.agent.probe;

import org.jspecify.annotations.NullMarked;
