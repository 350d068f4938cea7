package io.postwatch.controller.home;

/** Why the controller doesn't start, in a sentence for the person who starts it, and what to do about it. */
public final class StartupRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    public StartupRefused(String sentence, String remedy) {
        super(sentence);
        this.remedy = remedy;
    }

    public StartupRefused(String sentence, String remedy, Throwable cause) {
        super(sentence, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
