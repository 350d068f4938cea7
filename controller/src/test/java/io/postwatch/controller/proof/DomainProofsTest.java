package io.postwatch.controller.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.proof.AskedAgents.Candidate;
import io.postwatch.controller.proof.DomainLookups.Look;
import io.postwatch.controller.proof.DomainProofs.Watched;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.TextLookupId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@DatabaseTest
class DomainProofsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final MailDomain DOMAIN = new MailDomain("example.org");

    private final ScopedDatabase database;
    private final DomainProofs proofs;
    private final DomainLookups lookups;
    private final TenantId tenant;
    private final DomainProofId id = new DomainProofId(UUID.randomUUID());

    DomainProofsTest(ScopedDatabase database) {
        this.database = database;
        proofs = new DomainProofs(database.jdbc(), InstantSource.fixed(NOW));
        lookups = new DomainLookups(database.jdbc());
        tenant = database.newTenant();
    }

    @Test
    void aClaimIsMadeOnceAndKeepsItsText() {
        assertThat(here(() -> proofs.claim(tenant, id, DOMAIN))).isTrue();
        Watched claimed = here(() -> proofs.find(tenant, id).orElseThrow());

        assertThat(claimed.proof().text()).matches("postwatch-domain-verification=[A-Za-z0-9_-]{32}");
        assertThat(claimed.nextLookAt()).isEqualTo(NOW.plus(LookSchedule.FRESH));
        assertThat(here(() -> proofs.claim(tenant, new DomainProofId(UUID.randomUUID()), DOMAIN)))
                .isFalse();
        assertThat(here(() -> proofs.list(tenant, null, 10))).containsExactly(claimed);
        assertThat(here(() -> proofs.list(tenant, "example.org", 10))).isEmpty();
        assertThat(here(() -> proofs.proven(tenant))).isEmpty();
    }

    @Test
    void whatAgentsSawIsStoredByTheSystem() {
        here(() -> proofs.claim(tenant, id, DOMAIN));

        Watched judged = prove(tenant, id);

        assertThat(here(() -> proofs.find(tenant, id))).contains(judged);
        assertThat(here(() -> proofs.proven(tenant))).containsExactly(DOMAIN);
        assertThat(here(() -> proofs.withdraw(tenant, id))).isTrue();
        assertThat(here(() -> proofs.proven(tenant))).isEmpty();
    }

    @Test
    void anotherTenantNeitherSeesNorUsesNorWithdrawsIt() {
        here(() -> proofs.claim(tenant, id, DOMAIN));
        Watched ours = prove(tenant, id);
        TenantId other = database.newTenant();

        database.tenants().run(other, () -> {
            assertThat(proofs.proven(other)).isEmpty();
            assertThat(proofs.proven(tenant)).isEmpty();
            assertThat(proofs.find(tenant, id)).isEmpty();
            assertThat(proofs.lock(tenant, id)).isEmpty();
            assertThat(proofs.withdraw(tenant, id)).isFalse();
            DomainProofId theirs = new DomainProofId(UUID.randomUUID());
            assertThat(proofs.claim(other, theirs, DOMAIN)).isTrue();
            assertThat(proofs.find(other, theirs).orElseThrow().proof().text())
                    .as("what proves it to one is nothing to the other")
                    .isNotEqualTo(ours.proof().text());
        });
        assertThat(here(() -> proofs.proven(tenant))).containsExactly(DOMAIN);
        assertThat(database.system().call(() -> proofs.proven(Set.of(tenant, other))))
                .containsOnlyKeys(tenant);
    }

    @Test
    void aProofIsDueOnceItsTimeHasComeAndNotWhileItIsLookedFor() {
        here(() -> proofs.claim(tenant, id, DOMAIN));
        Instant due = NOW.plus(LookSchedule.FRESH);

        assertThat(isDue(due.minusSeconds(1))).isFalse();
        assertThat(isDue(due)).isTrue();
        database.system().run(() -> {
            Watched claimed = proofs.lock(tenant, id).orElseThrow();
            proofs.write(new Watched(claimed.proof(), 1, true, claimed.nextLookAt()));
        });
        assertThat(isDue(due)).isFalse();
    }

    private boolean isDue(Instant now) {
        return database.system()
                .call(() -> proofs.due(now, 1_000).stream()
                        .anyMatch(proof -> proof.id().equals(id)));
    }

    @Test
    void onlyTheAgentThatWasAskedAnswersAndOnce() {
        Look look = new Look(tenant, id, 1);
        TextLookupId lookup = new TextLookupId(UUID.randomUUID());
        AgentId asked = new AgentId(UUID.randomUUID());
        PlaceAnswer answer = new PlaceAnswer.Told(List.of("a", "b"), true, null);
        insert(look, lookup, asked);

        assertThat(answer(asked, lookup, answer)).as("nobody has asked it yet").isFalse();
        ask(lookup);
        assertThat(answer(new AgentId(UUID.randomUUID()), lookup, answer)).isFalse();
        assertThat(answer(asked, lookup, answer)).isTrue();
        assertThat(answer(asked, lookup, new PlaceAnswer.Told(List.of(), false, null)))
                .isFalse();

        assertThat(here(() -> lookups.of(look)))
                .singleElement()
                .satisfies(place -> assertThat(place.answer()).isEqualTo(answer));
        TenantId other = database.newTenant();
        assertThat(database.tenants().call(other, () -> lookups.of(look))).isEmpty();
        assertThat(here(() -> lookups.countSince(tenant, NOW.minusSeconds(60)))).isOne();
        assertThat(database.tenants().call(other, () -> lookups.countSince(other, NOW.minusSeconds(60))))
                .isZero();
    }

    @Test
    void whoeverDoesNotAnswerInTimeKnowsNothingAndTheLookIsOver() {
        here(() -> proofs.claim(tenant, id, DOMAIN));
        Look look = new Look(tenant, id, 1);
        TextLookupId silent = new TextLookupId(UUID.randomUUID());
        insert(look, silent, new AgentId(UUID.randomUUID()));
        insert(look, new TextLookupId(UUID.randomUUID()), new AgentId(UUID.randomUUID()));
        ask(silent);
        database.system()
                .run(() -> proofs.write(
                        new Watched(proofs.lock(tenant, id).orElseThrow().proof(), 1, true, null)));
        Instant late = NOW.plus(DomainLooks.PATIENCE);

        database.system().run(() -> lookups.giveUp(late.minusSeconds(1), "not reached", "not answered"));
        assertThat(database.system().call(lookups::over)).doesNotContain(look);
        database.system().run(() -> lookups.giveUp(late, "not reached", "not answered"));

        assertThat(here(() -> lookups.of(look)))
                .extracting(PlaceLookup::answer)
                .containsExactlyInAnyOrder(
                        new PlaceAnswer.Unknown("not reached"), new PlaceAnswer.Unknown("not answered"));
        assertThat(database.system().call(lookups::over)).contains(look);
    }

    @Test
    void theLastLookOfAClaimIsKeptAndOthersAreForgotten() {
        here(() -> proofs.claim(tenant, id, DOMAIN));
        insert(new Look(tenant, id, 1), new TextLookupId(UUID.randomUUID()), new AgentId(UUID.randomUUID()));
        insert(new Look(tenant, id, 2), new TextLookupId(UUID.randomUUID()), new AgentId(UUID.randomUUID()));
        database.system()
                .run(() -> proofs.write(
                        new Watched(proofs.lock(tenant, id).orElseThrow().proof(), 2, false, null)));

        database.system().run(() -> lookups.forget(NOW));
        assertThat(here(() -> lookups.of(new Look(tenant, id, 1)))).hasSize(1);
        database.system().run(() -> lookups.forget(NOW.plusSeconds(1)));

        assertThat(here(() -> lookups.of(new Look(tenant, id, 1)))).isEmpty();
        assertThat(here(() -> lookups.of(new Look(tenant, id, 2)))).hasSize(1);
    }

    private void insert(Look look, TextLookupId lookup, AgentId agent) {
        Candidate candidate = new Candidate(agent, new LocationId(UUID.randomUUID()), "Paris");
        database.tenants()
                .run(
                        tenant,
                        () -> lookups.insert(
                                look, lookup, candidate, DOMAIN.challengeName(), NOW, NOW.plus(DomainLooks.PATIENCE)));
    }

    private void ask(TextLookupId lookup) {
        boolean asked = database.system()
                .call(() -> lookups.waiting(NOW.plus(Duration.ofSeconds(1))).stream()
                        .filter(waiting -> waiting.id().equals(lookup))
                        .allMatch(waiting ->
                                lookups.ask(waiting, UUID.randomUUID()) && !lookups.ask(waiting, UUID.randomUUID())));
        assertThat(asked).isTrue();
    }

    private boolean answer(AgentId agent, TextLookupId lookup, PlaceAnswer answer) {
        return database.system()
                .call(() -> lookups.answer(agent, lookup, answer).isPresent());
    }

    private Watched prove(TenantId whose, DomainProofId which) {
        return database.system().call(() -> {
            Watched before = proofs.lock(whose, which).orElseThrow();
            Watched after = new Watched(before.proof().after(ChallengeVerdict.PRESENT, NOW), 1, false, null);
            proofs.write(after);
            return after;
        });
    }

    private <T> T here(Supplier<T> work) {
        return database.tenants().call(tenant, work);
    }
}
