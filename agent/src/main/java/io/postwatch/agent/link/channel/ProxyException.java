package io.postwatch.agent.link.channel;

import java.io.IOException;

/** The proxy can't be used; the message is a sentence that says what to do, and holds no password. */
final class ProxyException extends IOException {

    private static final long serialVersionUID = 1;

    ProxyException(String message, Throwable cause) {
        super(message, cause);
    }
}
