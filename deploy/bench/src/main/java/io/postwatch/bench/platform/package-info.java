/**
 * A real controller for a benchmark: its process with an embedded database, and its REST API as an owner uses it. Called by
 * the benchmarks that measure the whole; knows none of them.
 */
@NullMarked
package io.postwatch.bench.platform;

import org.jspecify.annotations.NullMarked;
