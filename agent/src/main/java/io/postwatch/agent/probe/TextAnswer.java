package io.postwatch.agent.probe;

import java.util.List;

/** What the question for the texts of a name came to. */
public sealed interface TextAnswer {

    /**
     * A resolver answered.
     *
     * @param aliases the names that the one asked for leads to, in order; empty: it has the texts itself
     * @param texts each record's strings joined, printable; empty: the name has none, or doesn't exist
     */
    record Told(List<String> aliases, List<String> texts) implements TextAnswer {

        public Told {
            aliases = List.copyOf(aliases);
            texts = List.copyOf(texts);
        }
    }

    /**
     * Nobody told anything of the name.
     *
     * @param reason the end of a sentence: whom it concerns, and what that one did
     */
    record Unknown(String reason) implements TextAnswer {}
}
