package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.failure.FailureCode;

/** Puts TLS on the connection of a dialogue that has just agreed on it. */
@FunctionalInterface
public interface TlsUpgrade {

    void secure() throws RunFailure;

    /**
     * The end of the phase starttls, once the server has agreed: what lies in the plain-text buffer behind its reply fails
     * the run, since it would be read as if it had come through TLS (CVE-2011-0411).
     *
     * @param command by which TLS was asked for
     * @param reply what the server said to it
     */
    default void secureAfter(String command, String reply, Connection connection, RunRecorder recorder)
            throws RunFailure {
        if (connection.hasUnread()) {
            connection.abandon();
            throw new RunFailure(
                    FailureCode.STARTTLS_INJECTION,
                    "Behind the reply to " + command
                            + " came more plain text: somebody in between may have put it there.",
                    reply);
        }
        recorder.end();
        secure();
    }
}
