package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.AgentCertificate;
import java.time.Instant;

/**
 * Who is at the other end of a session's connection.
 *
 * @param certificate what TLS has proven
 * @param address from where it comes
 * @param challengedAt when it was asked to prove its identity key, too
 */
public record AgentPeer(AgentCertificate certificate, String address, Instant challengedAt) {}
