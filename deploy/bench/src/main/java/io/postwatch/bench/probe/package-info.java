/**
 * The benchmark of the prober: runs of the agent's engine, of blackbox_exporter and of the monitoring plugins against the
 * same servers, alternating. Called by the command line only.
 */
@NullMarked
package io.postwatch.bench.probe;

import org.jspecify.annotations.NullMarked;
