package io.postwatch.agent.probe.sasl;

/** The SASL mechanisms this prober can do, weakest preference last. */
public enum AuthMechanism {
    /** RFC 4616. */
    PLAIN,
    /** Username and password one after the other, each after a prompt; in IMAP also the LOGIN command. */
    LOGIN
}
