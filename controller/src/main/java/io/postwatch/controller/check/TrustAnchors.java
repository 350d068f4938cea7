package io.postwatch.controller.check;

import io.postwatch.controller.shared.Bytes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Certificates that are trusted besides an agent's own authorities, as DER; in text as PEM (RFC 7468). */
public record TrustAnchors(List<Bytes> certificates) {
    public static final TrustAnchors NONE = new TrustAnchors(List.of());

    private static final int MAX_CERTIFICATES = 10;
    private static final int MAX_CHARACTERS = 64 * 1024;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,50})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    public TrustAnchors {
        certificates = List.copyOf(certificates);
        if (certificates.size() > MAX_CERTIFICATES) {
            throw new IllegalArgumentException("At most " + MAX_CERTIFICATES + " certificates");
        }
    }

    /** The certificates that a person meant, or why there are none. */
    public sealed interface Reading {
        /** At least one. */
        record Accepted(TrustAnchors anchors) implements Reading {}

        /** A stable code, and one sentence that says what is wrong. */
        record Refused(String code, String why) implements Reading {}
    }

    /** Reads PEM; text outside its blocks is left out. */
    public static Reading read(String pem) {
        if (pem.length() > MAX_CHARACTERS) {
            return new Reading.Refused("too-long", "This has at most 64 KiB");
        }
        List<Bytes> certificates = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            if (!blocks.group(1).equals("CERTIFICATE")) {
                return refused("Enter certificates alone, and private keys never");
            }
            try {
                Bytes certificate = certificate(Base64.getMimeDecoder().decode(blocks.group(2)));
                if (!certificates.contains(certificate)) {
                    certificates.add(certificate);
                }
            } catch (CertificateException | IllegalArgumentException e) {
                return refused("A certificate in it can't be read");
            }
        }
        if (certificates.isEmpty()) {
            return refused("Enter certificates as PEM, each from its BEGIN to its END line");
        }
        return certificates.size() > MAX_CERTIFICATES
                ? new Reading.Refused("too-many", "At most " + MAX_CERTIFICATES + " certificates")
                : new Reading.Accepted(new TrustAnchors(certificates));
    }

    public boolean isEmpty() {
        return certificates.isEmpty();
    }

    public String pem() {
        return certificates.stream()
                .map(certificate -> "-----BEGIN CERTIFICATE-----\n" + LINES.encodeToString(certificate.toArray())
                        + "\n-----END CERTIFICATE-----\n")
                .collect(Collectors.joining());
    }

    private static Bytes certificate(byte[] der) throws CertificateException {
        return Bytes.of(CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der))
                .getEncoded());
    }

    private static Reading refused(String why) {
        return new Reading.Refused("bad-certificate", why);
    }
}
