/**
 * What may be stored and sent: the ranges that records demand of their components, and text of a server made clean and
 * short; and where the long calculations are made that servers may ask for. Used by every package of the prober; uses nothing.
 */
@NullMarked
package io.postwatch.agent.probe.bounds;

import org.jspecify.annotations.NullMarked;
