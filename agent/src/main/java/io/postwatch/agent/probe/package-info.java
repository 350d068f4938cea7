/**
 * The port of the prober: what a run is asked for and what it reports. Pure JDK; used by every other package of the
 * agent that starts, keeps or sends runs, and using only the words its records are made of ({@code probe.address},
 * {@code .bounds}, {@code .certificate}, {@code .failure}, {@code .sasl}, {@code .time}).
 */
@NullMarked
package io.postwatch.agent.probe;

import org.jspecify.annotations.NullMarked;
