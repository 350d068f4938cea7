package io.postwatch.agent.probe.net;

/** What a protocol says on a connection. One instance per run, used by the run's thread. */
public interface Dialogue {

    /** From the greeting to the last thing the request asks for. */
    void converse() throws RunFailure;

    /** Ends the session as the protocol wants it. Whatever goes wrong here fails no run. */
    void sayGoodbye() throws RunFailure;
}
