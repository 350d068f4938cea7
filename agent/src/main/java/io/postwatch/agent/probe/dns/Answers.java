package io.postwatch.agent.probe.dns;

import java.util.List;
import java.util.Objects;

/**
 * All that was learned about a name.
 *
 * @param troubles what went wrong on the way, in order, each the end of a sentence: also where it came right in the end
 */
public record Answers(Answer v4, Answer v6, List<String> troubles) {

    public Answers {
        Objects.requireNonNull(v4, "v4");
        Objects.requireNonNull(v6, "v6");
        troubles = List.copyOf(troubles);
    }
}
