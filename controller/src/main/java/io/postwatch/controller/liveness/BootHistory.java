package io.postwatch.controller.liveness;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The last processes of an agent that began a session, the newest first. A process that was started anew has another boot
 * id, and the one before never comes again: whoever alternates between two of them is two machines with one identity. What
 * an ended process said last may be judged late, so only the second return of a process proves it, and a return counts
 * only if the process was asked to prove itself after the last session had begun.
 */
record BootHistory(List<Boot> boots) {
    static final BootHistory NONE = new BootHistory(List.of());
    /** More copies than this would have to take turns to stay unseen. */
    static final int MOST = 8;

    static final int PROOF = 2;

    /**
     * A process.
     *
     * @param attempt its greatest that was let in
     * @param returns how often it came, by a new attempt of its own, when another process had come since its last
     */
    record Boot(UUID id, long attempt, int returns) {}

    BootHistory {
        boots = List.copyOf(boots);
    }

    /**
     * After a hello of this process. Who doesn't tell its attempts ({@code 0}) proves nothing.
     *
     * @param since whether it was challenged after the last session had begun
     */
    BootHistory with(UUID boot, long attempt, boolean since) {
        Boot before = find(boot).orElse(new Boot(boot, attempt, 0));
        if (isSucceeded(boot) && attempt <= before.attempt()) {
            // As a machine that was set back, or what an ended process said: it comes after nobody.
            return this;
        }
        boolean returns = since && isSucceeded(boot);
        List<Boot> now = new ArrayList<>();
        now.add(new Boot(boot, Math.max(attempt, before.attempt()), before.returns() + (returns ? 1 : 0)));
        boots.stream().filter(known -> !known.id().equals(boot)).limit(MOST - 1).forEach(now::add);
        return new BootHistory(now);
    }

    /** Whether another process has come since this one. */
    boolean isSucceeded(UUID boot) {
        return find(boot).isPresent() && !isNewest(boot);
    }

    private boolean isNewest(UUID boot) {
        return !boots.isEmpty() && boots.getFirst().id().equals(boot);
    }

    private Optional<Boot> find(UUID boot) {
        return boots.stream().filter(known -> known.id().equals(boot)).findFirst();
    }

    /** Whether there are two machines. */
    boolean provesCopies() {
        return boots.stream().anyMatch(boot -> boot.returns() >= PROOF);
    }
}
