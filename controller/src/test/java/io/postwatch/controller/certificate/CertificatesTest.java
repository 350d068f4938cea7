package io.postwatch.controller.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@DatabaseTest
@ExtendWith(OutputCaptureExtension.class)
class CertificatesTest {
    private static final byte[] LEAF = TestCertificates.der("CN=leaf");
    private static final byte[] ROOT = TestCertificates.der("CN=root");
    private static final byte[] GARBAGE = {1, 2, 3};
    private static final int SIZE = 1000;
    private static final long COST = SIZE + DailyAllowance.ROW_BYTES;

    private final ScopedDatabase database;
    private final Certificates certificates;
    private final TenantId tenant;

    CertificatesTest(ScopedDatabase database) {
        this.database = database;
        this.certificates = new Certificates(database.jdbc(), InstantSource.fixed(Instant.EPOCH));
        this.tenant = database.newTenant();
    }

    @Test
    void asksOnlyForWhatIsUnknown() {
        assertThat(unknown(tenant)).containsExactly(print(LEAF), print(ROOT));
        assertThat(store(LEAF)).containsExactly(print(LEAF));
        assertThat(unknown(tenant)).containsExactly(print(ROOT));
        assertThat(database.system().call(() -> certificates.wanted(tenant, List.of())))
                .isEmpty();
    }

    @Test
    void keepsEachOnce() {
        store(LEAF, ROOT, LEAF);
        assertThat(store(ROOT, LEAF)).containsExactlyInAnyOrder(print(LEAF), print(ROOT));
        assertThat(find(tenant)).containsOnlyKeys(print(LEAF), print(ROOT));
        assertThat(find(tenant))
                .hasEntrySatisfying(
                        print(LEAF), view -> assertThat(view.subject()).isEqualTo("CN=leaf"));
    }

    @Test
    void asksForNoGarbageTwiceAndShowsNone() {
        assertThat(store(GARBAGE, new byte[0], new byte[CertificateView.MAX_DER_BYTES + 1]))
                .containsExactly(print(GARBAGE));
        assertThat(database.system().call(() -> certificates.wanted(tenant, List.of(print(GARBAGE)))))
                .isEmpty();
        assertThat(database.tenants().call(tenant, () -> certificates.find(tenant, List.of(print(GARBAGE)))))
                .isEmpty();
        assertThat(store()).isEmpty();
    }

    @Test
    void keepsTenantsApart() {
        TenantId stranger = database.newTenant();
        store(LEAF, ROOT);
        assertThat(unknown(stranger)).hasSize(2);
        assertThat(find(stranger)).isEmpty();
        assertThat(database.tenants().call(stranger, () -> certificates.find(tenant, List.of(print(LEAF)))))
                .isEmpty();
    }

    @Test
    void keepsNoMoreOfATenantThanItsAllowanceForTheDay(CapturedOutput log) {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T23:00:00Z"));
        Certificates bounded = new Certificates(database.jdbc(), now::get, 10 * COST);
        TenantId stranger = database.newTenant();

        assertThat(store(bounded, tenant, ders(0, 10))).hasSize(10);
        assertThat(wanted(bounded, tenant, ders(10, 11))).hasSize(1);
        assertThat(store(bounded, tenant, ders(10, 11))).isEmpty();

        assertThat(wanted(bounded, tenant, ders(10, 20))).isEmpty();
        assertThat(store(bounded, tenant, ders(10, 20))).isEmpty();
        assertThat(log.getOut()).containsOnlyOnce("Tenant " + tenant + " was shown more than");
        assertThat(stored(tenant)).isEqualTo(10);
        assertThat(wanted(bounded, stranger, ders(0, 20))).hasSize(20);
        assertThat(store(bounded, stranger, ders(0, 5))).hasSize(5);

        now.set(Instant.parse("2026-03-02T00:00:00Z"));
        assertThat(wanted(bounded, tenant, ders(0, 20))).hasSize(10);
        assertThat(store(bounded, tenant, ders(10, 20))).hasSize(10);
    }

    @Test
    void countsWhatOthersStored() {
        InstantSource noon = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
        store(new Certificates(database.jdbc(), noon, 100 * COST), tenant, ders(0, 8));
        Certificates restarted = new Certificates(database.jdbc(), noon, 10 * COST);

        assertThat(store(restarted, tenant, ders(8, 13))).hasSize(2);
        assertThat(stored(tenant)).isEqualTo(10);
        assertThat(wanted(restarted, tenant, ders(13, 14))).isEmpty();
    }

    @Test
    void aFloodStopsAtTheAllowanceAndIsCountedRarely() {
        CertificatesFlood flood = new CertificatesFlood();
        assertThat(flood.stored()).isEqualTo(1000);
        assertThat(flood.counts()).isLessThanOrEqualTo(20);
    }

    /** One certificate per upload, each new, against an allowance of a thousand. */
    private static final class CertificatesFlood {
        private final DailyAllowance allowance = new DailyAllowance(InstantSource.fixed(Instant.EPOCH), 1000 * COST);
        private final TenantId tenant = new TenantId(UUID.randomUUID());
        private int stored;
        private int counts;

        CertificatesFlood() {
            for (int upload = 0; upload < 5000; upload++) {
                stored += allowance
                        .take(tenant, List.of(new byte[SIZE]), _ -> {
                            counts++;
                            return stored * COST;
                        })
                        .size();
            }
        }

        int stored() {
            return stored;
        }

        int counts() {
            return counts;
        }
    }

    private Set<Fingerprint> store(Certificates certificates, TenantId tenant, List<byte[]> ders) {
        return database.system().call(() -> certificates.store(tenant, ders));
    }

    private Set<Fingerprint> wanted(Certificates certificates, TenantId tenant, List<byte[]> ders) {
        return database.system()
                .call(() -> certificates.wanted(
                        tenant, ders.stream().map(CertificatesTest::print).toList()));
    }

    private long stored(TenantId tenant) {
        return database.system()
                .call(() -> database.jdbc()
                        .sql("SELECT count(*) FROM certificate WHERE tenant_id = ?")
                        .param(tenant.value())
                        .query(Long.class)
                        .single());
    }

    /** Different bytes, all of one size. */
    private static List<byte[]> ders(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> ByteBuffer.allocate(SIZE).putInt(number).array())
                .toList();
    }

    private Set<Fingerprint> store(byte[]... ders) {
        return database.system().call(() -> certificates.store(tenant, List.of(ders)));
    }

    private Set<Fingerprint> unknown(TenantId tenant) {
        return database.system().call(() -> certificates.wanted(tenant, List.of(print(LEAF), print(ROOT))));
    }

    private Map<Fingerprint, CertificateView> find(TenantId tenant) {
        return database.tenants().call(tenant, () -> certificates.find(tenant, List.of(print(LEAF), print(ROOT))));
    }

    private static Fingerprint print(byte[] der) {
        return CertificateView.fingerprint(der);
    }
}
