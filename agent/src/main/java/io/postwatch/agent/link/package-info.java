/**
 * The connection to the controller: enrolment and renewal, the one session with its rules, back-off, and the mapping
 * between the protocol's messages and the agent's own records. The only package that knows gRPC and the protocol.
 */
@NullMarked
package io.postwatch.agent.link;

import org.jspecify.annotations.NullMarked;
