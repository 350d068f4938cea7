package io.postwatch.e2e;

import java.io.IOException;
import java.net.IDN;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a server shows, what the monitor says about it, and what is true then.
 *
 * @param opensslVerdicts the numbers of OpenSSL's complaint, any of them; 0: none. Of pins and own authorities it knows
 *     nothing
 */
record CertificateCase(String name, ServedTls served, Options options, Finding finding, Set<Integer> opensslVerdicts) {

    static final List<CertificateCase> ALL = List.of(
            of("ECDSA", ServedTls.ECDSA, good(), 0),
            of("RSA", ServedTls.RSA, good(), 0),
            of("EXPIRED", ServedTls.EXPIRED, bad("expired", "40 days ago").left(-41), 10),
            of(
                    "EXPIRED_INTERMEDIATE",
                    ServedTls.EXPIRED_INTERMEDIATE,
                    bad("expired", "'Expired Intermediate'").left(-2),
                    10),
            of("NOT_YET_VALID", ServedTls.NOT_YET_VALID, bad("not-yet-valid", "only from"), 9),
            of("OTHER_NAME", ServedTls.OTHER_NAME, bad("name-mismatch", "elsewhere.postwatch.test"), 64),
            of("NO_NAME", ServedTls.NO_NAME, bad("name-mismatch", "no host at all"), 64),
            of(
                    "SELF_SIGNED",
                    ServedTls.SELF_SIGNED,
                    bad("self-signed", "itself").sent(1),
                    18),
            // 20 and 21: an issuer is unknown.
            of("OTHER_AUTHORITY", ServedTls.OTHER_AUTHORITY, bad("untrusted", "Foreign Root"), 20, 21),
            of(
                    "WITHOUT_INTERMEDIATE",
                    ServedTls.WITHOUT_INTERMEDIATE,
                    bad("incomplete-chain", "does not send").sent(1),
                    20,
                    21),
            of("WRONG_ORDER", ServedTls.WRONG_ORDER, good().sent(3), 0),
            // 66: the key of the server is too weak.
            of("WEAK_KEY", ServedTls.WEAK_KEY, bad("weak", ""), 66),
            // 68: the hash of a signature is too weak.
            of("WEAK_SIGNATURE", ServedTls.WEAK_SIGNATURE, bad("weak", ""), 68),
            // 26: the certificate is for another purpose.
            of("FOR_CLIENTS", ServedTls.FOR_CLIENTS, bad("untrusted", "not issued for servers"), 26),
            of("TEN_DAYS_LEFT", ServedTls.TEN_DAYS_LEFT, new Finding("WARNING", "expires-soon", "10 days", 10, 2), 0),
            of("FIVE_DAYS_LEFT", ServedTls.FIVE_DAYS_LEFT, new Finding("ERROR", "expires-soon", "5 days", 5, 2), 0),
            // GnuTLS answers in its own version; OpenSSL with an alert that does not tell it.
            of("TLS_1_0", ServedTls.TLS_1_0, bad("protocol-version", "safe").sent(0)),
            of("TLS_1_1", ServedTls.TLS_1_1, bad("protocol-version", "safe").sent(0)),
            of("TLS_1_2", ServedTls.TLS_1_2, good(), 0),
            of("NAME_EXPECTED", ServedTls.OTHER_NAME, name("elsewhere.postwatch.test"), good(), 0),
            of("NAME_BELOW_WILDCARD", ServedTls.WILDCARD, name("mail.postwatch.test"), good(), 0),
            // 62: another host.
            of(
                    "NAME_TWO_BELOW_WILDCARD",
                    ServedTls.WILDCARD,
                    name("a.mail.postwatch.test"),
                    bad("name-mismatch", "*.postwatch.test"),
                    62),
            of("NAME_WITH_UMLAUT", ServedTls.INTERNATIONAL_NAME, name("bücher.postwatch.test"), good(), 0),
            of("NAME_ASKED_FOR", ServedTls.BY_NAME, name(ServedTls.ASKED_NAME), good(), 0),
            of(
                    "NAME_NOT_ASKED_FOR",
                    ServedTls.BY_NAME,
                    bad("expired", "40 days ago").left(-41),
                    10),
            of(
                    "NAME_ASKED_FOR_BUT_NOT_EXPECTED",
                    ServedTls.BY_NAME,
                    (monitor, servers) -> monitor.certificate("serverName", ServedTls.ASKED_NAME),
                    bad("name-mismatch", ServedTls.ASKED_NAME),
                    64),
            of(
                    "PINNED",
                    ServedTls.SELF_SIGNED,
                    (monitor, servers) -> monitor.certificate("pin", fingerprint(servers, ServedTls.SELF_SIGNED)),
                    good().sent(1),
                    18),
            of(
                    "PINNED_ANOTHER",
                    ServedTls.ECDSA,
                    (monitor, servers) -> monitor.certificate("pin", fingerprint(servers, ServedTls.SELF_SIGNED)),
                    bad("untrusted", "pinned"),
                    0),
            of(
                    "OWN_AUTHORITY",
                    ServedTls.OTHER_AUTHORITY,
                    (monitor, servers) -> monitor.certificate("trustAnchors", foreignAuthority()),
                    good(),
                    20,
                    21),
            of(
                    "ONLY_REPORTED",
                    ServedTls.EXPIRED,
                    (monitor, servers) -> monitor.certificate("reportOnly", true),
                    good().left(-41),
                    10),
            // Of 91 days one is gone.
            of(
                    "PERCENT_LEFT",
                    ServedTls.ECDSA,
                    (monitor, servers) ->
                            monitor.certificate("warningPercent", 99).certificate("errorPercent", 50),
                    new Finding("WARNING", "expires-soon", "98 % of its lifetime", ServedTls.DAYS - 1, 2),
                    0),
            of(
                    "TLS_1_3_EXPECTED",
                    ServedTls.TLS_1_2,
                    (monitor, servers) -> monitor.with("expectations", Map.of("minimumTls", "1.3")),
                    bad("expectation-not-met", "1.2"),
                    0));

    /**
     * What Postwatch has to say.
     *
     * @param words part of the sentence for people
     * @param daysLeft of the certificate that expires first
     * @param chain how many certificates the server sent; 0: it came to no certificates
     */
    record Finding(String status, String code, String words, int daysLeft, int chain) {
        Finding left(int days) {
            return new Finding(status, code, words, days, chain);
        }

        Finding sent(int certificates) {
            return new Finding(status, code, words, daysLeft, certificates);
        }
    }

    /** Says something about certificates to a monitor. */
    @FunctionalInterface
    interface Options {
        void addTo(MonitorBody monitor, RealMailServers servers) throws IOException, GeneralSecurityException;
    }

    private static CertificateCase of(String name, ServedTls served, Finding finding, Integer... opensslVerdicts) {
        return of(name, served, (monitor, servers) -> {}, finding, opensslVerdicts);
    }

    private static CertificateCase of(
            String name, ServedTls served, Options options, Finding finding, Integer... opensslVerdicts) {
        return new CertificateCase(name, served, options, finding, Set.of(opensslVerdicts));
    }

    @Override
    public String toString() {
        return name;
    }

    /** What makes {@code openssl s_client} ask for the names that a monitor asks for. */
    static List<String> opensslOptions(Map<String, Object> certificate, String host) {
        Object expected = certificate.get("expectedName");
        Object asked = certificate.getOrDefault("serverName", expected);
        List<String> verified = expected == null
                ? List.of("-verify_ip", host)
                : List.of("-verify_hostname", IDN.toASCII(expected.toString()));
        List<String> told =
                asked == null ? List.of("-noservername") : List.of("-servername", IDN.toASCII(asked.toString()));
        return Stream.of(verified, told).flatMap(List::stream).toList();
    }

    MonitorBody changed(MonitorBody monitor, RealMailServers servers) throws IOException, GeneralSecurityException {
        options.addTo(monitor, servers);
        return monitor;
    }

    private static Finding good() {
        return new Finding("OK", "", "", ServedTls.DAYS - 1, 2);
    }

    private static Finding bad(String code, String words) {
        return new Finding("ERROR", code, words, ServedTls.DAYS - 1, 2);
    }

    private static Options name(String expected) {
        return (monitor, servers) -> monitor.certificate("expectedName", expected);
    }

    private static String fingerprint(RealMailServers servers, ServedTls served)
            throws IOException, GeneralSecurityException {
        return OpensslClient.fingerprints(servers.pem(served)).getFirst();
    }

    private static String foreignAuthority() throws IOException {
        Path file = Files.createTempFile("postwatch-e2e", ".pem");
        try {
            ServedTls.foreignAuthority().writePem(file);
            return Files.readString(file);
        } finally {
            Files.delete(file);
        }
    }
}
