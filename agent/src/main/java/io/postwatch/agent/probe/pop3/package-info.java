/** The POP3 dialogue (RFC 1939, 2449, 2595, 5034): bounded reply reader, capabilities, login. Called by the prober only. */
@NullMarked
package io.postwatch.agent.probe.pop3;

import org.jspecify.annotations.NullMarked;
