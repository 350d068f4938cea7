/** The IMAP dialogue (RFC 9051, 3501, 4959): bounded response reader, capabilities, login. Called by the prober only. */
@NullMarked
package io.postwatch.agent.probe.imap;

import org.jspecify.annotations.NullMarked;
