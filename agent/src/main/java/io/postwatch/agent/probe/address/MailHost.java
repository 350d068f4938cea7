package io.postwatch.agent.probe.address;

import io.postwatch.agent.probe.bounds.ServerText;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host to check: a DNS name of letters, digits and hyphens (RFC 1123; internationalised names as A-labels), a dotted
 * IPv4 address or an IPv6 address without brackets.
 *
 * <p>Forms of addresses that resolvers understand and people don't ({@code 127.1}, {@code 2130706433},
 * {@code 0x7f000001}, {@code fe80::1%eth0}) are refused: they would slip by what reads the host as a name.
 *
 * @param text the host in lower case
 */
public record MailHost(String text) {

    private static final int MAX_NAME = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMERIC_LABEL = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-f:.]{2,45}");

    public MailHost {
        text = text.toLowerCase(Locale.ROOT);
        if (literal(text) == null && !isName(text)) {
            throw new IllegalArgumentException("not a host name, IPv4 or IPv6 address: " + ServerText.clean(text, 100));
        }
    }

    /** The address, where this host is one and not a name. */
    public @Nullable InetAddress literal() {
        return literal(text);
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME) {
            return false;
        }
        String last = text.substring(text.lastIndexOf('.') + 1);
        if (NUMERIC_LABEL.matcher(last).matches()) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable InetAddress literal(String text) {
        boolean looksLikeAddress =
                text.indexOf(':') >= 0 ? IPV6_CHARACTERS.matcher(text).matches() : isDottedQuad(text);
        if (!looksLikeAddress) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static boolean isDottedQuad(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return false;
        }
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }
}
