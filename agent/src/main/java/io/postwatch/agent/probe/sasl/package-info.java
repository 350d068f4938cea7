/**
 * Logging in: the credentials of a mailbox and the SASL mechanisms (RFC 4422) by which they are proved. Knows neither
 * protocol nor socket; the dialogues of the protocols call it.
 */
@NullMarked
package io.postwatch.agent.probe.sasl;

import org.jspecify.annotations.NullMarked;
