package io.postwatch.agent;

/** The agent can't start like this; the message is one sentence for people that says what to change. */
final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(message);
    }

    ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
