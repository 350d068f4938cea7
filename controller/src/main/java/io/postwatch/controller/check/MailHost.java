package io.postwatch.controller.check;

import io.postwatch.controller.shared.AddressText;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where a mail server is: a host name as A-labels in lower case, or an IPv4 or IPv6 literal in its canonical form. */
public record MailHost(String value) {
    private static final int MAX_LENGTH = 253;
    private static final int MAX_INPUT = 1_000;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]+");

    public MailHost {
        if (!read(value).equals(new Reading.Accepted(value))) {
            throw new IllegalArgumentException("Not a canonical host");
        }
    }

    /** The host that a person meant, or why there is none. */
    public sealed interface Reading {
        /** Canonical text of a host. */
        record Accepted(String canonical) implements Reading {}

        /** One sentence that says what is wrong. */
        record Refused(String why) implements Reading {}
    }

    /** Reads what a person typed: names in any script and case, or literals without brackets. */
    public static Reading read(String text) {
        if (text.isEmpty()) {
            return refused("Enter a host name or an IP address");
        }
        if (text.length() > MAX_INPUT) {
            return refused("A host name has at most 253 characters");
        }
        if (text.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            return refused("A host has no spaces, line breaks or control characters");
        }
        if (text.startsWith("[")) {
            return refused("Write an IPv6 address without brackets");
        }
        if (text.contains("/") || text.contains("@")) {
            return refused("Enter the host alone, without a URL, path or mailbox");
        }
        return text.indexOf(':') >= 0 ? readIpv6(text) : readName(text);
    }

    public boolean isLiteral() {
        return value.indexOf(':') >= 0 || isIpv4(value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static Reading readIpv6(String text) {
        if (text.indexOf('%') >= 0) {
            return refused("An IPv6 address with a zone is not reachable from elsewhere: leave out the zone");
        }
        if (!IPV6_CHARACTERS.matcher(text).matches()) {
            return refused("Enter the host alone: the port has its own field");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return address instanceof Inet6Address
                    ? new Reading.Accepted(AddressText.of(address))
                    : refused("Write an IPv4 address in its own form, such as 192.0.2.1");
        } catch (IllegalArgumentException e) {
            return refused("This is no valid IPv6 address; a port has its own field");
        }
    }

    private static Reading readName(String text) {
        // IDNA 2003, which the JDK knows, and UTS 46 disagree about these four only: never guess which name was meant.
        if (text.codePoints().anyMatch(c -> c == 'ß' || c == 'ς' || c == 0x200C || c == 0x200D)) {
            return refused("Names with ß, ς or joiners can be read in two ways: enter the name's xn-- form");
        }
        String name;
        try {
            name = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return refused(
                    "This is no valid host name: a part of it is empty, too long or has characters names don't have");
        }
        if (name.length() > MAX_LENGTH) {
            return refused("A host name has at most 253 characters");
        }
        if (name.endsWith(".")) {
            return refused("Leave out the dot at the end");
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                return refused(
                        "A host name is made of letters, digits and inner hyphens, in parts of 1 to 63 characters separated by dots");
            }
        }
        if (NUMBER.matcher(labels[labels.length - 1]).matches() && !isIpv4(name)) {
            return refused("Write an IPv4 address as four numbers from 0 to 255, such as 192.0.2.1");
        }
        return new Reading.Accepted(name);
    }

    private static boolean isIpv4(String name) {
        String[] octets = name.split("\\.", -1);
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

    private static Reading refused(String why) {
        return new Reading.Refused(why);
    }
}
