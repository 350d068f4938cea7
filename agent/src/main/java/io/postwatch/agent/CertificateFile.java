package io.postwatch.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Authorities that the host's operator trusts, in PEM. */
final class CertificateFile {

    private CertificateFile() {}

    /**
     * Reads one certificate or more.
     *
     * @param key the setting that names the file
     */
    static List<X509Certificate> read(Path file, String key) throws ConfigurationException {
        try (InputStream pem = Files.newInputStream(file)) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new ConfigurationException("The file " + file + " holds no certificate.");
            }
            return certificates;
        } catch (IOException | CertificateException unreadable) {
            throw new ConfigurationException(
                    "The file " + file + " that \"" + key + "\" names can't be read as PEM certificates.", unreadable);
        }
    }
}
