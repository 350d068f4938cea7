/**
 * What simulated programs run on: virtual time, one source of chance, processes that pause and crash, and connections that
 * delay, stall and break. Knows nothing of agents and controllers; used by everything else here, on one thread.
 */
@NullMarked
package io.postwatch.simulation.machine;

import org.jspecify.annotations.NullMarked;
