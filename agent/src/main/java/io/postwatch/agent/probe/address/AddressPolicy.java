package io.postwatch.agent.probe.address;

import java.net.InetAddress;

/** Where this agent may connect to. Asked for every address a host has; one denied address denies the run. */
@FunctionalInterface
public interface AddressPolicy {

    boolean allows(InetAddress address);

    /** Whether that port may be connected to, on whatever address. Every one, unless a policy says otherwise. */
    default boolean allowsPort(int port) {
        return true;
    }

    /** Whether that name may be looked up. Every one, unless a policy says otherwise. */
    default boolean allowsName(MailHost host) {
        return true;
    }

    /** Whether it keeps to public addresses and the ports of mail, so that anybody may choose the targets. */
    default boolean isPublicOnly() {
        return false;
    }

    /** Whether whoever asks for a name learns which of its addresses is denied. */
    default boolean tellsDenied() {
        return true;
    }

    /** The end of a sentence about what was denied: who decides it. */
    default String reason() {
        return "its own configuration decides which addresses it may reach";
    }
}
