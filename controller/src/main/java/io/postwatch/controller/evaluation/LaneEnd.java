package io.postwatch.controller.evaluation;

/**
 * How far a lane is stored, and which record was its last.
 *
 * @param mark see {@link SpoolEntry#mark}; 0: not known
 */
public record LaneEnd(long acked, long mark) {}
