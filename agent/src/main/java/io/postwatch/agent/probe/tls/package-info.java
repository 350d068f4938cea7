/**
 * Handshakes that keep the server's chain whatever it is worth, and the judgement of that chain. Called by the prober,
 * before the dialogue of a protocol or in the middle of it.
 */
@NullMarked
package io.postwatch.agent.probe.tls;

import org.jspecify.annotations.NullMarked;
