package io.postwatch.controller.liveness;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import java.time.Duration;
import java.util.List;

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
 * @param trustedRoots the SHA-256 of the keys of the roots that it trusts; empty: not told
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
        List<Bytes> trustedRoots,
        AgentFacts facts,
        Duration clockOffset) {
    private static final int MOST_ROOTS = 32;
    private static final int HASH_BYTES = 32;

    public SessionRequest {
        trustedRoots = List.copyOf(trustedRoots);
        if (attempt < 0) {
            throw new IllegalArgumentException("Attempts are counted from 1");
        }
        if (generation < 0) {
            throw new IllegalArgumentException("Generations are counted from 1");
        }
        if (trustedRoots.size() > MOST_ROOTS || trustedRoots.stream().anyMatch(hash -> hash.size() != HASH_BYTES)) {
            throw new IllegalArgumentException("Trusted roots are a few hashes of 32 bytes");
        }
    }
}
