/**
 * What a server's certificates are and what is wrong with them: the chain as captured, the verdicts on it, and the policy\n * by which it counts. Values only; the judging is done in {@code probe.tls}.
 */
@NullMarked
package io.postwatch.agent.probe.certificate;

import org.jspecify.annotations.NullMarked;
