/** TLS by BoringSSL, which gRPC brings along: a handshake costs a fraction of what it costs with the JDK's. Called by the program itself, which hands it to the prober. */
@NullMarked
package io.postwatch.agent.boringssl;

import org.jspecify.annotations.NullMarked;
