/**
 * When runs happen: the grid by controller time, no overlap within a series, limits in total and per target, and exactly
 * one result for every run. Fed by link with assignments and triggered runs; hands finished runs to a recorder.
 */
@NullMarked
package io.postwatch.agent.schedule;

import org.jspecify.annotations.NullMarked;
