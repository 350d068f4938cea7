package io.postwatch.agent.link;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The controller could not be asked, or said no, or not yet; the message is one sentence for people. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final Next next;
    private final @Nullable Duration askAgain;

    /** What another attempt with the same would bring. */
    enum Next {
        /** Perhaps an answer. */
        OPEN,
        /** The same, unless it comes later: too many ask at this moment. */
        CROWDED,
        /** The same. */
        REFUSED,
        /** The same: another host is this agent now. */
        REPLACED
    }

    /**
     * A failed call.
     *
     * @param forGood whether another attempt would fail too
     */
    public RefusedException(String message, boolean forGood, Throwable cause) {
        this(message, forGood ? Next.REFUSED : Next.OPEN, cause);
    }

    RefusedException(String message, Next next, @Nullable Throwable cause) {
        super(message, cause);
        this.next = next;
        this.askAgain = null;
    }

    private RefusedException(String message, Duration askAgain) {
        super(message);
        this.next = Next.OPEN;
        this.askAgain = askAgain;
    }

    /** A person has to approve this agent first. */
    public static RefusedException awaitingApproval(String message, Duration askAgain) {
        return new RefusedException(message, askAgain);
    }

    /** Whether asking again with the same can't help. */
    public boolean isForGood() {
        return next == Next.REFUSED || next == Next.REPLACED;
    }

    /** Whether another host has taken this one's place. */
    boolean isReplaced() {
        return next == Next.REPLACED;
    }

    /** Whether too many ask at this moment: those who hear it hear it at once. */
    public boolean isCrowded() {
        return next == Next.CROWDED;
    }

    /** When the controller wants to be asked again, where it waits for a person. */
    public Optional<Duration> askAgain() {
        return Optional.ofNullable(askAgain);
    }
}
