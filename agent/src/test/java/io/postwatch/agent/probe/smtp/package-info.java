/** Tests of what SMTP servers say. */
@NullMarked
package io.postwatch.agent.probe.smtp;

import org.jspecify.annotations.NullMarked;
