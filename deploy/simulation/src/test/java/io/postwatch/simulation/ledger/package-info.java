/**
 * What really happened, noted independently of the programs: each result that was recorded, sent, stored, acked, rejected or
 * told as lost. Says at once where a promise was broken; used by everything that takes part in a simulation.
 */
@NullMarked
package io.postwatch.simulation.ledger;

import org.jspecify.annotations.NullMarked;
