package io.postwatch.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code openssl s_client}: what another program sees of a server's TLS. */
final class OpensslClient {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final Pattern VERDICT = Pattern.compile("Verify return code: (\\d+)");
    private static final Pattern PROTOCOL = Pattern.compile("New, (\\S+), Cipher is|Protocol *: *(\\S+)");
    private static final int SECONDS = 20;

    private final Path authority;

    /** A client that trusts that authority, in PEM. */
    OpensslClient(Path authority) {
        this.authority = authority;
    }

    /**
     * What it saw.
     *
     * @param verdict the number of OpenSSL's last complaint; 0: none
     * @param fingerprints SHA-256 of what the server sent, leaf first
     * @param output all that it wrote
     */
    record Seen(int verdict, List<String> fingerprints, String output) {
        /** The version of TLS, and the cipher suite's where they differ in name. */
        List<String> protocols() {
            return PROTOCOL.matcher(output)
                    .results()
                    .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                    .toList();
        }
    }

    /** Connects, looks, and leaves. */
    Seen look(MailServer server, String host, int port, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", host + ":" + port, "-showcerts", "-CAfile", authority.toString()));
        if (server.security().equals("starttls")) {
            command.addAll(List.of("-starttls", server.type()));
        }
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("openssl goes on: " + output);
            }
            return new Seen(lastVerdict(output), fingerprints(output), output);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of each certificate in PEM, in the order of the text. */
    static List<String> fingerprints(String pem) throws GeneralSecurityException {
        List<String> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Matcher certificate = CERTIFICATE.matcher(pem);
        while (certificate.find()) {
            byte[] text = certificate.group().getBytes(StandardCharsets.US_ASCII);
            X509Certificate parsed = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(text));
            found.add(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(parsed.getEncoded())));
        }
        return found;
    }

    private static int lastVerdict(String output) {
        int last = -1;
        Matcher verdict = VERDICT.matcher(output);
        while (verdict.find()) {
            last = Integer.parseInt(verdict.group(1));
        }
        return last;
    }
}
