/**
 * What may be stored and sent: the ranges that records demand of their components, and text of a server made clean and\n * short. Used by every record of the prober; uses nothing.
 */
@NullMarked
package io.postwatch.agent.probe.bounds;

import org.jspecify.annotations.NullMarked;
