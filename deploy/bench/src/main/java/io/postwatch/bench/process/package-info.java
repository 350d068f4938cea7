/**
 * The processes that a benchmark is made of: how they are started, with which options, and what they leave behind. Called
 * by every benchmark; knows none.
 */
@NullMarked
package io.postwatch.bench.process;

import org.jspecify.annotations.NullMarked;
