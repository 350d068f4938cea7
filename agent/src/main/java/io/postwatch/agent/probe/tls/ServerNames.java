package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.address.MailHost;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Whether a certificate names a host, by RFC 9525: only subject alternative names count, the common name does not; a
 * wildcard stands for one whole leftmost label; an address is matched against addresses.
 */
final class ServerNames {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MAX_NAMES = 100;

    private ServerNames() {}

    static boolean name(X509Certificate certificate, MailHost host) {
        InetAddress address = host.literal();
        for (List<?> alternative : alternativesOf(certificate)) {
            if (address == null && isKind(alternative, DNS_NAME) && matches(text(alternative), host.text())) {
                return true;
            }
            if (address != null && isKind(alternative, IP_ADDRESS) && address.equals(parse(text(alternative)))) {
                return true;
            }
        }
        return false;
    }

    /** The names that count, for people; at most 100. */
    static List<String> of(X509Certificate certificate) {
        return alternativesOf(certificate).stream()
                .filter(alternative -> isKind(alternative, DNS_NAME) || isKind(alternative, IP_ADDRESS))
                .map(ServerNames::text)
                .limit(MAX_NAMES)
                .toList();
    }

    static boolean matches(String pattern, String host) {
        String name = pattern.toLowerCase(Locale.ROOT);
        if (!name.startsWith("*.")) {
            return name.equals(host);
        }
        String parent = name.substring(1);
        int firstDot = host.indexOf('.');
        // "*.org" names too much: a wildcard needs at least two labels behind it.
        return firstDot > 0
                && parent.indexOf('.', 1) > 0
                && parent.indexOf('*') < 0
                && host.substring(firstDot).equals(parent);
    }

    private static boolean isKind(List<?> alternative, int kind) {
        return alternative.size() >= 2 && Integer.valueOf(kind).equals(alternative.get(0));
    }

    private static String text(List<?> alternative) {
        return String.valueOf(alternative.get(1));
    }

    private static Object parse(String address) {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private static Collection<List<?>> alternativesOf(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null ? List.of() : alternatives;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
