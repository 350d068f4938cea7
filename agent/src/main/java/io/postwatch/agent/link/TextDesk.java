package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.link.mapping.TextMapping;
import io.postwatch.agent.probe.ChallengeName;
import io.postwatch.agent.probe.TextLookup;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.TextsFound;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The texts that a session was asked to look up. Called by the link's thread and never waits; each answer, always one, comes
 * on the thread of its lookup.
 */
final class TextDesk {

    /** More at once would make an agent a burden for its resolvers; what is beyond hears so at once. */
    static final int AT_ONCE = 16;

    private static final int ID_BYTES = 16;
    private static final int MAX_REASON = 500;

    private final TextLookup lookup;
    private final NanoTicker ticker;
    private final Consumer<TextsFound> answers;
    private final Semaphore free = new Semaphore(AT_ONCE);

    TextDesk(TextLookup lookup, NanoTicker ticker, Consumer<TextsFound> answers) {
        this.lookup = lookup;
        this.ticker = ticker;
        this.answers = answers;
    }

    /**
     * Begins a lookup; one that is refused has its answer at once.
     *
     * @return false where it has no id that an answer could name
     */
    boolean begin(LookUpTexts wanted) {
        if (wanted.getLookupId().size() != ID_BYTES) {
            return false;
        }
        ByteString id = wanted.getLookupId();
        ChallengeName name;
        try {
            name = new ChallengeName(wanted.getName());
        } catch (IllegalArgumentException refused) {
            String why = ServerText.clean(String.valueOf(refused.getMessage()), MAX_REASON);
            answers.accept(TextMapping.unknown(id, "the agent does not look up this name: it is " + why));
            return true;
        }
        if (!free.tryAcquire()) {
            answers.accept(TextMapping.unknown(id, "the agent has too much to look up at this moment"));
            return true;
        }
        Thread.ofVirtual().name("texts").start(() -> lookUp(id, name));
        return true;
    }

    private void lookUp(ByteString id, ChallengeName name) {
        TextsFound found;
        try (Deadline deadline = Deadline.after(TextLookup.LIMIT, ticker)) {
            found = TextMapping.found(id, lookup.texts(name, deadline));
        } catch (RuntimeException broken) {
            found = TextMapping.unknown(
                    id, "the agent could not look it up: " + broken.getClass().getSimpleName());
        } finally {
            free.release();
        }
        answers.accept(found);
    }
}
