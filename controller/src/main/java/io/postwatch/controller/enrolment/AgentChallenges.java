package io.postwatch.controller.enrolment;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.shared.Bytes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * What agents sign to prove a key before they have a session; any controller of the platform knows another's, also while
 * the key-encryption key changes. Safe for all threads.
 */
@Component
public class AgentChallenges {
    private static final int KEY_BYTES = 32;

    private final KekProvider keks;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<KekId, Challenges> byKey = new ConcurrentHashMap<>();

    AgentChallenges(KekProvider keks, InstantSource clock) {
        this.keks = keks;
        this.clock = clock;
    }

    public Bytes issue() {
        return Bytes.of(of(keks.current()).issue());
    }

    /** Whether a controller of this platform made it, whenever that was. */
    boolean isOurs(Bytes nonce) {
        return keks.held().stream().anyMatch(key -> of(key).isOurs(nonce.toArray()));
    }

    boolean isFresh(Bytes nonce) {
        return keks.held().stream().anyMatch(key -> of(key).isFresh(nonce.toArray()));
    }

    private Challenges of(KekId key) {
        return byKey.computeIfAbsent(
                key, id -> new Challenges(keks.derive(id, "agent-challenges", KEY_BYTES), random, clock));
    }
}
