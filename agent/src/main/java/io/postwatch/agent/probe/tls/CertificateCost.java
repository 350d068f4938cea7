package io.postwatch.agent.probe.tls;

import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAParams;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate may cost whoever works with it. Its sender chooses its keys and extensions, and with some of them a
 * few bytes keep a processor busy for seconds.
 */
final class CertificateCost {

    private static final int MAX_RSA_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 64;
    private static final int MAX_DSA_BITS = 3072;
    private static final int MAX_DSA_ORDER_BITS = 256;
    private static final int MAX_POLICIES = 20;
    private static final int MAX_NAME_CONSTRAINTS = 100;
    private static final int MAX_CONSTRAINED_NAMES = 250;

    private static final String CERTIFICATE_POLICIES = "2.5.29.32";
    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private CertificateCost() {}

    /** What its key is where a signature checked with it would cost too much; null: it would not. */
    static @Nullable String ofKey(X509Certificate certificate) {
        return switch (certificate.getPublicKey()) {
            case RSAPublicKey rsa
            when rsa.getModulus().bitLength() > MAX_RSA_BITS -> "an RSA key of more than " + MAX_RSA_BITS + " bits";
            case RSAPublicKey rsa
            when rsa.getPublicExponent().bitLength() > MAX_EXPONENT_BITS ->
                "an RSA key with an exponent of more than " + MAX_EXPONENT_BITS + " bits";
            case DSAPublicKey dsa when isTooLarge(dsa) -> "a DSA key of more than " + MAX_DSA_BITS + " bits";
            default -> null;
        };
    }

    /** Whether the issuer's key is of a known kind, of the one that the signature asks for, and costs little enough. */
    static boolean allowsCheck(X509Certificate certificate, X509Certificate issuer) {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        PublicKey key = issuer.getPublicKey();
        boolean fits = switch (key) {
            case RSAPublicKey _ -> algorithm.endsWith("WITHRSA") || algorithm.equals("RSASSA-PSS");
            case ECPublicKey _ -> algorithm.endsWith("WITHECDSA");
            case EdECPublicKey _ -> algorithm.startsWith("ED");
            case DSAPublicKey _ -> algorithm.endsWith("WITHDSA");
            default -> false;
        };
        return fits && ofKey(issuer) == null;
    }

    /** What it has more of than is followed on a path; null: nothing. */
    static @Nullable String onPath(X509Certificate certificate) {
        String key = ofKey(certificate);
        if (key != null) {
            return key;
        }
        List<DerElements.Element> policies = DerElements.ofExtension(certificate, CERTIFICATE_POLICIES);
        if (policies.size() > MAX_POLICIES) {
            return "more than " + MAX_POLICIES + " policies";
        }
        Set<DerElements.Element> different = new HashSet<>();
        for (DerElements.Element policy : policies) {
            // PolicyInformation begins with the policy's identifier: RFC 5280, section 4.2.1.4.
            List<DerElements.Element> parts = policy.elements();
            if (parts.isEmpty() || !different.add(parts.getFirst())) {
                return "a policy twice";
            }
        }
        int constraints = DerElements.ofExtension(certificate, NAME_CONSTRAINTS).stream()
                .mapToInt(subtrees -> subtrees.elements().size())
                .sum();
        return constraints > MAX_NAME_CONSTRAINTS
                ? "more than " + MAX_NAME_CONSTRAINTS + " constraints on names"
                : null;
    }

    /** Whether constraints on names would have to be held against more names than anybody's certificate has. */
    static boolean hasTooManyNamesForConstraints(List<X509Certificate> path) {
        boolean constrained =
                path.stream().anyMatch(certificate -> certificate.getExtensionValue(NAME_CONSTRAINTS) != null);
        return constrained && path.stream().mapToInt(CertificateCost::names).sum() > MAX_CONSTRAINED_NAMES;
    }

    private static int names(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names == null ? 0 : names.size();
        } catch (CertificateParsingException e) {
            return Integer.MAX_VALUE / (2 * ChainCapture.MAX_CERTIFICATES);
        }
    }

    private static boolean isTooLarge(DSAPublicKey key) {
        DSAParams parameters = key.getParams();
        return parameters == null
                || parameters.getP().bitLength() > MAX_DSA_BITS
                || parameters.getQ().bitLength() > MAX_DSA_ORDER_BITS;
    }
}
