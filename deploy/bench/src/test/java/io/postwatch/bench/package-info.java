/** The benchmarks work: a few runs of each, no times asserted. */
@NullMarked
package io.postwatch.bench;

import org.jspecify.annotations.NullMarked;
