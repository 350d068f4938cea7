/**
 * Who this agent is: its three keys, which never leave the host, its client certificate and the platform's roots, and
 * the opening of secrets that were sealed to it. Called by link and by the wiring; knows no wire format.
 */
@NullMarked
package io.postwatch.agent.identity;

import org.jspecify.annotations.NullMarked;
