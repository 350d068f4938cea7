/**
 * The bounded durable queue of results between the prober and the controller: two lanes with their own sequences,
 * cumulative acks, and a gap record wherever something had to be dropped. What a record says is opaque here; link
 * encodes, sends and acks it.
 */
@NullMarked
package io.postwatch.agent.spool;

import org.jspecify.annotations.NullMarked;
