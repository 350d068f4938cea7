package io.postwatch.agent.probe.address;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses of a host a run may use. */
public enum AddressFamily {
    ANY,
    IPV4,
    IPV6;

    /** Whether a run of this family may use that address. */
    public boolean includes(InetAddress address) {
        return switch (this) {
            case ANY -> true;
            case IPV4 -> address instanceof Inet4Address;
            case IPV6 -> address instanceof Inet6Address;
        };
    }
}
