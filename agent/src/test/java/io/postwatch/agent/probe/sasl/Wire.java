package io.postwatch.agent.probe.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.assertj.core.api.Assertions;

/** Both ways between what is said and what stands for it on the wire. */
final class Wire {

    private Wire() {}

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** What the client answers; fails where it has no answer. */
    static SaslStep.Response response(SaslStep step, String challenge) {
        SaslStep.Turn turn = step.answer(base64(challenge));
        Assertions.assertThat(turn).isInstanceOf(SaslStep.Response.class);
        return (SaslStep.Response) turn;
    }

    /** Why the client has no answer. */
    static String refusal(SaslStep step, String base64) {
        SaslStep.Turn turn = step.answer(base64);
        Assertions.assertThat(turn).isInstanceOf(SaslStep.Stop.class);
        return ((SaslStep.Stop) turn).why();
    }
}
