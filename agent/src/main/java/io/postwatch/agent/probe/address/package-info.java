/**
 * Hosts and addresses: what may be named as a target, which family of addresses a run uses, and which addresses this\n * agent may connect to. Pure; nothing here asks a resolver or opens a socket.
 */
@NullMarked
package io.postwatch.agent.probe.address;

import org.jspecify.annotations.NullMarked;
