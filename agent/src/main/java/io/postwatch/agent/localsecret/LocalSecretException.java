package io.postwatch.agent.localsecret;

/**
 * A secret of this host can't be had, or not for this check. What it says names the secret, and never tells any of it.
 */
public final class LocalSecretException extends Exception {

    private static final long serialVersionUID = 1;

    private final String sentence;
    private final String detail;

    LocalSecretException(String sentence, String detail) {
        super(sentence);
        this.sentence = sentence;
        this.detail = detail;
    }

    /** For people, who may read it at the controller: it doesn't say where on this host the secret should be. */
    public String sentence() {
        return sentence;
    }

    /** For the log of this host: where the secret should be, and what the system said of it. */
    public String detail() {
        return detail;
    }
}
