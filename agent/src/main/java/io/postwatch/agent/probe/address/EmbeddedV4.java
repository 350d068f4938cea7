package io.postwatch.agent.probe.address;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * IPv4 addresses inside IPv6 addresses. IPv4-mapped ones never get here: {@link InetAddress} reads them as the IPv4
 * address that they are.
 */
final class EmbeddedV4 {

    private static final CidrBlock COMPATIBLE = CidrBlock.of("::/96");
    private static final CidrBlock NAT64 = CidrBlock.of("64:ff9b::/96");
    private static final CidrBlock SIX_TO_FOUR = CidrBlock.of("2002::/16");

    private EmbeddedV4() {}

    /** The address that a translator connects to for this one (RFC 6052, well-known prefix); null: it is none such. */
    static @Nullable InetAddress behindNat64(InetAddress address) {
        return NAT64.contains(address) ? v4(address.getAddress(), 12) : null;
    }

    /** The address that this one carries: for NAT64, as 6to4 or as IPv4-compatible address; null: none. */
    static @Nullable InetAddress in(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return null;
        }
        if (SIX_TO_FOUR.contains(address)) {
            return v4(address.getAddress(), 2);
        }
        boolean compatible =
                COMPATIBLE.contains(address) && !address.isLoopbackAddress() && !address.isAnyLocalAddress();
        return compatible ? v4(address.getAddress(), 12) : behindNat64(address);
    }

    private static InetAddress v4(byte[] bytes, int from) {
        try {
            return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }
}
