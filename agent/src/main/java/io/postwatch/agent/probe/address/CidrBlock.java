package io.postwatch.agent.probe.address;

import io.postwatch.agent.probe.bounds.ServerText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Objects;

/**
 * A range of addresses.
 *
 * @param base the first address of the range
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record CidrBlock(InetAddress base, int prefixLength) {

    public CidrBlock {
        Objects.requireNonNull(base, "base");
        int bits = base.getAddress().length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("prefix length must be 0 to " + bits + ": " + prefixLength);
        }
        byte[] address = base.getAddress();
        for (int bit = prefixLength; bit < bits; bit++) {
            if (bitAt(address, bit)) {
                throw new IllegalArgumentException(
                        base.getHostAddress() + "/" + prefixLength + " has bits set behind its prefix");
            }
        }
    }

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or a single address. */
    public static CidrBlock of(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        InetAddress base = new MailHost(address).literal();
        if (base == null) {
            throw new IllegalArgumentException("not an address range: " + ServerText.clean(text, 100));
        }
        if (slash < 0) {
            return new CidrBlock(base, base.getAddress().length * Byte.SIZE);
        }
        if (address.indexOf(':') >= 0 && base instanceof Inet4Address) {
            throw new IllegalArgumentException("write the IPv4 range itself: " + ServerText.clean(text, 100));
        }
        try {
            return new CidrBlock(base, Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an address range: " + ServerText.clean(text, 100), e);
        }
    }

    /** Whether the address lies in this range. IPv4 ranges hold no IPv6 addresses and the other way round. */
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            if (bitAt(mine, bit) != bitAt(other, bit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefixLength;
    }

    private static boolean bitAt(byte[] bytes, int bit) {
        return (bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) == 1;
    }
}
