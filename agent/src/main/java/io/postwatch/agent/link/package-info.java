/**
 * The connection to the controller: enrolment and renewal, the one session with its rules, and back-off. This package and
 * {@code mapping} below it are the only ones that know gRPC and the protocol.
 */
@NullMarked
package io.postwatch.agent.link;

import org.jspecify.annotations.NullMarked;
