/**
 * Handshakes that keep the server's chain whatever it is worth, and the judgement of that chain. Called by the dialogues,
 * through {@code TlsUpgrade}, and by the prober.
 */
@NullMarked
package io.postwatch.agent.probe.tls;

import org.jspecify.annotations.NullMarked;
