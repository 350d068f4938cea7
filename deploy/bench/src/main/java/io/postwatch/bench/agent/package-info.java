/**
 * One real agent at work against the test server, in front of a real controller: how soon it has its first result, what it
 * takes of memory, how late its runs begin.
 */
@NullMarked
package io.postwatch.bench.agent;

import org.jspecify.annotations.NullMarked;
