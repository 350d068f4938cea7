package io.postwatch.agent.probe.dns;

import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One question over all servers that are asked it, and the best that came of it so far. Used by one thread. */
final class Inquiry {

    private static final int IDS = 1 << 16;

    private final String name;
    private final RecordType type;
    private final boolean wanted;
    private @Nullable Answer answer;
    private final Set<String> useless = new LinkedHashSet<>();
    private final Set<String> silent = new LinkedHashSet<>();
    private final Set<String> unreachable = new LinkedHashSet<>();

    /** @param wanted whether what it finds is what the run is after */
    Inquiry(String name, RecordType type, boolean wanted) {
        this.name = name;
        this.type = type;
        this.wanted = wanted;
    }

    boolean isOpen() {
        return answer == null;
    }

    /** Whether the run can go on with what this one has found. */
    boolean hasFoundWhatIsWanted() {
        return wanted && answer instanceof Answer.Found;
    }

    /** The question, as it has never been asked before. */
    Question newQuestion(SecureRandom random) {
        return new Question(random.nextInt(IDS), name, type);
    }

    void settle(Answer conclusive) {
        answer = conclusive;
    }

    void useless(String reason) {
        useless.add(reason);
    }

    void silent(String reason) {
        silent.add(reason);
    }

    void unreachable(String reason) {
        unreachable.add(reason);
    }

    /** What came of it. A useless answer tells more than silence, and silence more than nobody to ask. */
    Answer answer() {
        if (answer != null) {
            return answer;
        }
        if (!useless.isEmpty()) {
            return new Answer.Failed(String.join("; ", useless));
        }
        return silent.isEmpty() && !unreachable.isEmpty()
                ? new Answer.Unreachable(String.join("; ", unreachable))
                : new Answer.TimedOut(silent.isEmpty() ? "the time of the run was over" : String.join("; ", silent));
    }
}
