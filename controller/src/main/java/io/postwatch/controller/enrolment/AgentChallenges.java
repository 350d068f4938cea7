package io.postwatch.controller.enrolment;

import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.shared.Bytes;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** What agents sign to prove a key before they have a session; any controller of the platform knows another's. */
@Component
public class AgentChallenges {
    private static final int KEY_BYTES = 32;

    private final Challenges challenges;

    AgentChallenges(KekProvider kek, InstantSource clock) {
        challenges = new Challenges(kek.derive("agent-challenges", KEY_BYTES), new SecureRandom(), clock);
    }

    public Bytes issue() {
        return Bytes.of(challenges.issue());
    }

    boolean isFresh(Bytes nonce) {
        return challenges.isFresh(nonce.toArray());
    }
}
