package io.postwatch.agent.probe.sasl;

/** The SASL mechanisms this prober can do, most preferred first. */
public enum AuthMechanism {
    /** RFC 4616. */
    PLAIN,
    /** Username and password one after the other, each after a prompt; in IMAP also the LOGIN command. */
    LOGIN;

    /** The name under which it is registered, and by which servers offer it. */
    public String saslName() {
        return name().replace('_', '-');
    }
}
