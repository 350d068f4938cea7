/**
 * The server's side of SASL: it verifies what clients prove, and can break the rules a client has to watch over. Called
 * by the scripts of SMTP, IMAP and POP3 alike.
 */
@NullMarked
package io.postwatch.testserver.sasl;

import org.jspecify.annotations.NullMarked;
