/** What is particular to BoringSSL; that runs report the same with it as with the JDK's TLS is tested beside the prober. */
@NullMarked
package io.postwatch.agent.boringssl;

import org.jspecify.annotations.NullMarked;
