package io.postwatch.agent.link;

/** The controller could not be asked, or said no; the message is one sentence for people. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean forGood;

    /**
     * A failed call.
     *
     * @param forGood whether another attempt would fail too
     */
    public RefusedException(String message, boolean forGood, Throwable cause) {
        super(message, cause);
        this.forGood = forGood;
    }

    /** Whether asking again with the same can't help. */
    public boolean isForGood() {
        return forGood;
    }
}
