package io.postwatch.controller.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@DatabaseTest
class CertificatesTest {
    private static final byte[] LEAF = TestCertificates.der("CN=leaf");
    private static final byte[] ROOT = TestCertificates.der("CN=root");
    private static final byte[] GARBAGE = {1, 2, 3};

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
        assertThat(database.system().call(() -> certificates.unknown(tenant, List.of())))
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
        assertThat(database.system().call(() -> certificates.unknown(tenant, List.of(print(GARBAGE)))))
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

    private Set<Fingerprint> store(byte[]... ders) {
        return database.system().call(() -> certificates.store(tenant, List.of(ders)));
    }

    private Set<Fingerprint> unknown(TenantId tenant) {
        return database.system().call(() -> certificates.unknown(tenant, List.of(print(LEAF), print(ROOT))));
    }

    private Map<Fingerprint, CertificateView> find(TenantId tenant) {
        return database.tenants().call(tenant, () -> certificates.find(tenant, List.of(print(LEAF), print(ROOT))));
    }

    private static Fingerprint print(byte[] der) {
        return CertificateView.fingerprint(der);
    }
}
