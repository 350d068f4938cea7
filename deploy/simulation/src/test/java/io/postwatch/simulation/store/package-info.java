/**
 * The one database that all simulated controllers share: the rows that sessions, placement and acks turn on, in memory, with
 * transactions that fail before or after their commit and copies to go back to. Where SQL decides in the controller, the
 * same is decided here in a few lines; whatever the controller decides by a rule is decided by that rule.
 */
@NullMarked
package io.postwatch.simulation.store;

import org.jspecify.annotations.NullMarked;
