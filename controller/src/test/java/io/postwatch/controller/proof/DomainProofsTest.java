package io.postwatch.controller.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@DatabaseTest
class DomainProofsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final MailDomain DOMAIN = new MailDomain("example.org");

    private final ScopedDatabase database;
    private final DomainProofs proofs;
    private final TenantId tenant;

    DomainProofsTest(ScopedDatabase database) {
        this.database = database;
        proofs = new DomainProofs(database.jdbc(), InstantSource.fixed(NOW));
        tenant = database.newTenant();
    }

    @Test
    void aClaimIsMadeOnceAndKeepsItsText() {
        DomainProof claimed = here(() -> proofs.claim(tenant, DOMAIN));

        assertThat(claimed.text()).matches("postwatch-domain-verification=[A-Za-z0-9_-]{32}");
        assertThat(here(() -> proofs.claim(tenant, DOMAIN))).isEqualTo(claimed);
        assertThat(here(() -> proofs.find(tenant, DOMAIN))).contains(claimed);
        assertThat(here(() -> proofs.list(tenant))).containsExactly(claimed);
        assertThat(here(() -> proofs.proven(tenant))).isEmpty();
    }

    @Test
    void whatAgentsSawIsStoredByTheSystem() {
        here(() -> proofs.claim(tenant, DOMAIN));

        var judged = database.system().call(() -> proofs.judge(tenant, DOMAIN, ChallengeVerdict.PRESENT));

        assertThat(judged)
                .hasValueSatisfying(proof -> assertThat(proof.provenAt()).isEqualTo(NOW));
        assertThat(here(() -> proofs.find(tenant, DOMAIN))).isEqualTo(judged);
        assertThat(here(() -> proofs.proven(tenant))).containsExactly(DOMAIN);
        assertThat(here(() -> proofs.withdraw(tenant, DOMAIN))).isTrue();
        assertThat(database.system().call(() -> proofs.judge(tenant, DOMAIN, ChallengeVerdict.PRESENT)))
                .isEmpty();
    }

    @Test
    void anotherTenantNeitherSeesNorUsesNorWithdrawsIt() {
        DomainProof ours = here(() -> proofs.claim(tenant, DOMAIN));
        database.system().run(() -> proofs.judge(tenant, DOMAIN, ChallengeVerdict.PRESENT));
        TenantId other = database.newTenant();

        database.tenants().run(other, () -> {
            assertThat(proofs.proven(other)).isEmpty();
            assertThat(proofs.find(tenant, DOMAIN)).isEmpty();
            assertThat(proofs.withdraw(tenant, DOMAIN)).isFalse();
            assertThat(proofs.claim(other, DOMAIN).text())
                    .as("what proves it to one is nothing to the other")
                    .isNotEqualTo(ours.text());
        });
        assertThat(here(() -> proofs.proven(tenant))).containsExactly(DOMAIN);
    }

    private <T> T here(Supplier<T> work) {
        return database.tenants().call(tenant, work);
    }
}
