package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.aMonitorOn;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.e2e.CertificateCase.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Certificates of every kind, on three servers with two libraries for TLS: what Postwatch says of each is true, and
 * OpenSSL says so, too.
 */
@NeedsDebianPackages
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CertificatesIT {
    /** All monitors are saved one after the other and run at once; the machine may have little to run them on. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SELDOM_SECONDS = 3600;

    private final RealMailServers servers;
    private final Monitors monitors;
    private final Map<Row, String> saved = new HashMap<>();
    private OpensslClient openssl;

    CertificatesIT(RealMailServers servers, Monitors monitors) {
        this.servers = servers;
        this.monitors = monitors;
    }

    /** A row of the table. */
    record Row(MailServer server, CertificateCase what) {
        @Override
        public String toString() {
            return server + " " + what;
        }
    }

    @BeforeAll
    void saveMonitors(@TempDir Path folder) throws IOException, GeneralSecurityException {
        Path authority = folder.resolve("authority.pem");
        servers.authority().writePem(authority);
        openssl = new OpensslClient(authority);
        for (Row row : rows()) {
            saved.put(row, monitors.save(monitor(row)));
        }
    }

    private MonitorBody monitor(Row row) throws IOException, GeneralSecurityException {
        MonitorBody monitor = aMonitorOn(servers, row.server, row.what.served())
                .named(row.toString())
                .everySeconds(SELDOM_SECONDS);
        return row.what.changed(monitor, servers);
    }

    @AfterAll
    void deleteMonitors() {
        saved.values().forEach(monitors::delete);
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (MailServer server : MailServer.values()) {
            for (CertificateCase what : CertificateCase.ALL) {
                if (server.serves(what.served())) {
                    rows.add(new Row(server, what));
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatIsToldIsTrue(Row row) throws GeneralSecurityException, IOException {
        Run run = monitors.awaitRun(Objects.requireNonNull(saved.get(row)), PATIENCE, any -> true);
        Finding expected = row.what.finding();

        assertThat(run.failureCode()).as(run.sentence()).isEqualTo(expected.code());
        assertThat(run.status()).isEqualTo(expected.status());
        assertThat(run.sentence()).contains(expected.words());
        assertThat(run.failurePhase()).isEqualTo(expected.code().isEmpty() ? "" : "tls");
        if (expected.chain() == 0) {
            assertThat(run.fingerprints()).isEmpty();
            assertOldVersionOnly(row);
            if (row.server == MailServer.EXIM) {
                assertThat(run.sentence())
                        .contains(
                                row.what.served() == ServedTls.TLS_1_0 ? "speaks TLS 1.0 only" : "speaks TLS 1.1 only");
            }
        } else {
            assertThat(run.fingerprints()).hasSize(expected.chain());
            assertThat(run.certificateDaysLeft()).isEqualTo(expected.daysLeft());
            assertThat(run.phases()).contains("connect", "greeting", "tls", "capability", "quit");
            assertSeenByOpenssl(row, run);
        }
    }

    /** The chain is the one that the server has on its disk, and sends to OpenSSL, which complains of the same thing. */
    private void assertSeenByOpenssl(Row row, Run run) throws GeneralSecurityException, IOException {
        String host = row.server.host(row.what.served());
        OpensslClient.Seen seen = openssl.look(
                row.server,
                host,
                servers.port(row.server, row.what.served()),
                CertificateCase.opensslOptions(monitor(row).certificate(), host).toArray(String[]::new));
        assertThat(run.fingerprints()).as(seen.output()).isEqualTo(seen.fingerprints());
        assertThat(row.what.opensslVerdicts()).as(seen.output()).contains(seen.verdict());
        boolean chosenByName = monitor(row).certificate().containsValue(ServedTls.ASKED_NAME);
        // GnuTLS sorts what it finds in a file.
        boolean sorted = row.server == MailServer.EXIM && row.what.served() == ServedTls.WRONG_ORDER;
        if (!chosenByName && !sorted) {
            assertThat(run.fingerprints()).isEqualTo(OpensslClient.fingerprints(servers.pem(row.what.served())));
        }
    }

    /** OpenSSL, told to take what is no longer safe, agrees on the old version with the server, and on no newer one. */
    private void assertOldVersionOnly(Row row) {
        String version = row.what.served().onlyVersion().orElseThrow();
        String host = row.server.host(row.what.served());
        int port = servers.port(row.server, row.what.served());
        assertThat(openssl.look(row.server, host, port, "-cipher", "ALL:@SECLEVEL=0", "-min_protocol", "TLSv1")
                        .protocols())
                .contains(version)
                .doesNotContain("TLSv1.2", "TLSv1.3");
    }
}
