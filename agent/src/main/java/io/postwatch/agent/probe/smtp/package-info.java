/** The SMTP dialogue (RFC 5321, 3207, 4954): bounded reply reader, capabilities, login. Called by the prober only. */
@NullMarked
package io.postwatch.agent.probe.smtp;

import org.jspecify.annotations.NullMarked;
