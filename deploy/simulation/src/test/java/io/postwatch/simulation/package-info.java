/**
 * The simulation: agents and controllers with their real rules in one thread of virtual time, faults drawn from a seed, and
 * what must hold all the while and at the end. A seed that fails is a story that can be told again.
 */
@NullMarked
package io.postwatch.simulation;

import org.jspecify.annotations.NullMarked;
