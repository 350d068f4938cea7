package io.postwatch.controller.gateway;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** DER of certificates that this controller made itself. */
final class CertificateBytes {
    private CertificateBytes() {}

    static byte[] of(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
