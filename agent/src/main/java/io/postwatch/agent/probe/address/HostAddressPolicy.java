package io.postwatch.agent.probe.address;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The policy of a private agent: its own host decides, the controller cannot lift it.
 *
 * <p>The longest matching range decides. Between equally long ones what was configured precedes what is built in, and a
 * denial precedes a permission. Without any match an address is allowed: private ranges and the Internet are. Built in
 * are denials of this host itself (loopback, unspecified), of link-local and multicast addresses and of the metadata
 * services of clouds, which would hand the host's secrets to whoever may name a target. So {@code allow 127.0.0.0/8}
 * opens loopback, and {@code deny 0.0.0.0/0} with {@code allow 10.0.0.0/8} leaves nothing but that network.
 *
 * <p>IPv6 addresses that carry an IPv4 address are judged by that as well.
 */
public final class HostAddressPolicy implements AddressPolicy {

    private static final List<CidrBlock> BUILT_IN_DENIALS = Stream.of(
                    "0.0.0.0/8",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    // Wire server of Azure.
                    "168.63.129.16/32",
                    // Metadata of Alibaba and Oracle clouds.
                    "100.100.100.200/32",
                    "192.0.0.192/32",
                    "224.0.0.0/4",
                    "255.255.255.255/32",
                    "::/128",
                    "::1/128",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8",
                    // Metadata of EC2 and of Google's cloud.
                    "fd00:ec2::/32",
                    "fd20:ce::254/128")
            .map(CidrBlock::of)
            .toList();

    private final List<CidrBlock> allowed;
    private final List<CidrBlock> denied;

    /** With the ranges that the host's configuration allows and denies. */
    public HostAddressPolicy(List<CidrBlock> allowed, List<CidrBlock> denied) {
        this.allowed = List.copyOf(allowed);
        this.denied = List.copyOf(denied);
    }

    @Override
    public boolean allows(InetAddress address) {
        InetAddress embedded = EmbeddedV4.in(address);
        return allowsItself(address) && (embedded == null || allowsItself(embedded));
    }

    private boolean allowsItself(InetAddress address) {
        int allow = longestMatch(allowed, address);
        int deny = longestMatch(denied, address);
        int builtIn = longestMatch(BUILT_IN_DENIALS, address);
        return (deny < 0 && builtIn < 0) || (allow > deny && allow >= builtIn);
    }

    /** The length of the longest prefix that matches; -1 where none does. */
    private static int longestMatch(List<CidrBlock> blocks, InetAddress address) {
        return blocks.stream()
                .filter(block -> block.contains(address))
                .mapToInt(CidrBlock::prefixLength)
                .max()
                .orElse(-1);
    }
}
