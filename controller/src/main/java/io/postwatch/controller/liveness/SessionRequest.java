package io.postwatch.controller.liveness;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import java.time.Duration;

/**
 * An agent that asks for a session.
 *
 * @param peer what its connection proved, and from where it comes
 * @param claimed the agent it says it is
 * @param nonce what it was asked to sign
 * @param signature by its identity key over nonce, claimed, sealingKey and bootId
 * @param bootId of its process, 16 bytes
 * @param attempt of two requests of one process the later one has the greater number; 0: not told
 * @param generation of the certificate that it holds; 0: not told
 * @param clockOffset how far its wall clock is ahead of the controller's
 */
public record SessionRequest(
        AgentPeer peer,
        AgentId claimed,
        Bytes nonce,
        Bytes signature,
        Bytes sealingKey,
        Bytes bootId,
        long attempt,
        long generation,
        AgentFacts facts,
        Duration clockOffset) {
    public SessionRequest {
        if (attempt < 0) {
            throw new IllegalArgumentException("Attempts are counted from 1");
        }
        if (generation < 0) {
            throw new IllegalArgumentException("Generations are counted from 1");
        }
    }
}
