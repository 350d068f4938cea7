package io.postwatch.agent.probe.address;

import java.net.InetAddress;

/** Which addresses this agent may connect to. Asked for every address a host has; one denied address denies the run. */
@FunctionalInterface
public interface AddressPolicy {

    boolean allows(InetAddress address);
}
