package io.postwatch.agent.probe.failure;

import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.time.Phase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a run was not OK.
 *
 * @param code for machines
 * @param phase where it happened; null where no phase had begun
 * @param message one sentence for people, clean, at most 1,024 bytes
 * @param serverReply what the server said, clean, at most {@link ServerText#MAX_REPLY} bytes; empty where it said
 *     nothing
 */
public record Failure(FailureCode code, @Nullable Phase phase, String message, String serverReply) {

    /** In bytes of UTF-8. */
    public static final int MAX_MESSAGE = 1024;

    public Failure {
        Objects.requireNonNull(code, "code");
        if (message.isBlank()) {
            throw new IllegalArgumentException("a failure needs a message");
        }
        ServerText.requireClean(message, MAX_MESSAGE, "message");
        ServerText.requireClean(serverReply, ServerText.MAX_REPLY, "serverReply");
    }
}
