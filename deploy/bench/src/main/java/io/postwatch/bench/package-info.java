/**
 * Benchmarks: what the parts of Postwatch cost, beside other programs doing the same in the same run. Started by {@code
 * deploy/bench/run}; never part of the product, and nothing in the build depends on a time measured here.
 */
@NullMarked
package io.postwatch.bench;

import org.jspecify.annotations.NullMarked;
