package io.postwatch.controller.run;

import io.postwatch.controller.shared.AddressText;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.Fingerprint;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A certificate for people, read from its DER. Every text in it comes from a server and is bounded and free of control characters. */
@Schema(name = "Certificate")
public record CertificateView(
        String fingerprint,
        String subject,
        String issuer,
        String serialNumber,
        Instant notBefore,
        Instant notAfter,
        List<String> names,
        String keyAlgorithm,
        int keyBits,
        String signatureAlgorithm) {
    /** No certificate that a server sends may be larger. */
    public static final int MAX_DER_BYTES = 16 * 1024;

    private static final int MAX_NAMES = 100;
    private static final int MAX_TEXT = 512;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    public CertificateView {
        names = List.copyOf(names);
    }

    /** Reads what a server sent. Empty where it is too large or no certificate; never throws, whatever the bytes. */
    public static Optional<CertificateView> read(byte[] der) {
        if (der.length == 0 || der.length > MAX_DER_BYTES) {
            return Optional.empty();
        }
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            // PEM and trailing bytes are accepted by the parser, but then the fingerprint would be that of something
            // else.
            if (!MessageDigest.isEqual(certificate.getEncoded(), der)) {
                return Optional.empty();
            }
            return Optional.of(view(certificate, fingerprint(der)));
        } catch (CertificateException | RuntimeException malformed) {
            // The JDK's parser throws unchecked exceptions on some malformed input.
            return Optional.empty();
        }
    }

    public static Fingerprint fingerprint(byte[] der) {
        return new Fingerprint(HexFormat.of().formatHex(Digests.sha256(der)));
    }

    private static CertificateView view(X509Certificate certificate, Fingerprint fingerprint) {
        PublicKey key = certificate.getPublicKey();
        return new CertificateView(
                fingerprint.hex(),
                text(certificate.getSubjectX500Principal().getName()),
                text(certificate.getIssuerX500Principal().getName()),
                serial(certificate.getSerialNumber()),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                names(certificate),
                text(key.getAlgorithm()),
                bits(key),
                text(certificate.getSigAlgName()));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return List.of();
            }
            for (List<?> alternative : alternatives) {
                if (names.size() == MAX_NAMES) {
                    break;
                }
                if (alternative.get(1) instanceof String name) {
                    switch ((Integer) alternative.getFirst()) {
                        case DNS_NAME -> names.add(text(name));
                        case IP_ADDRESS -> names.add(AddressText.of(InetAddress.ofLiteral(name)));
                        default -> {
                            // Mail addresses, URIs and others say nothing about a server.
                        }
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    private static String serial(BigInteger serial) {
        return text(serial.toString(16));
    }

    private static int bits(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getOrder().bitLength();
            case DSAKey dsa ->
                dsa.getParams() == null ? 0 : dsa.getParams().getP().bitLength();
            case EdECKey ed ->
                NamedParameterSpec.ED448.getName().equals(ed.getParams().getName()) ? 448 : 256;
            default -> 0;
        };
    }

    private static String text(String hostile) {
        StringBuilder text = new StringBuilder();
        hostile.codePoints().limit(MAX_TEXT).forEach(c -> {
            int type = Character.getType(c);
            boolean shown = !Character.isISOControl(c) && type != Character.FORMAT && type != Character.SURROGATE;
            text.appendCodePoint(shown ? c : '\uFFFD');
        });
        return text.toString();
    }
}
