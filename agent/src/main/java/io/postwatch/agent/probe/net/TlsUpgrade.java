package io.postwatch.agent.probe.net;

/** Puts TLS on the connection of a dialogue that has just agreed on it. */
@FunctionalInterface
public interface TlsUpgrade {

    void secure() throws RunFailure;
}
