/**
 * A mail server that does exactly what its script says: any greeting, reply, delay, cut or certificate. Used by the
 * demo, the agent's tests, the whole-system tests and the benchmarks; never part of the product.
 */
@NullMarked
package io.postwatch.testserver;

import org.jspecify.annotations.NullMarked;
