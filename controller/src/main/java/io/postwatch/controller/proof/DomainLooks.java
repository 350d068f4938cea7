package io.postwatch.controller.proof;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.Agents;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.proof.AskedAgents.Candidate;
import io.postwatch.controller.proof.DomainLookups.Look;
import io.postwatch.controller.proof.DomainLookups.Waiting;
import io.postwatch.controller.proof.DomainProofs.Watched;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.TextLookupId;
import io.postwatch.controller.web.events.EventHub;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Looks for the texts that prove domains: a few agents of public locations are asked at once, each by the controller that
 * holds its session, and what most of them see is judged when all have answered or their time is over. Begun by people, and
 * by itself when a proof is due. Every step is found in the database by whichever controller comes first, so one that stops
 * leaves nothing hanging. Safe for all threads.
 */
@Component
public class DomainLooks {
    /** An agent's own limit, and the way there and back. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Looks that a tenant may have begun within a minute. */
    static final int PER_MINUTE = 30;

    private static final int DUE_AT_ONCE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(DomainLooks.class);

    private final TenantTransactions tenants;
    private final SystemTransactions system;
    private final DomainProofs proofs;
    private final DomainLookups lookups;
    private final Locations locations;
    private final Agents agents;
    private final TextLink link;
    private final Audit audit;
    private final EventHub hub;
    private final ApplicationEventPublisher events;
    private final IdSource ids;
    private final InstantSource clock;
    private final RandomGenerator random = new SecureRandom();

    DomainLooks(
            TenantTransactions tenants,
            SystemTransactions system,
            DomainProofs proofs,
            DomainLookups lookups,
            Locations locations,
            Agents agents,
            TextLink link,
            Audit audit,
            EventHub hub,
            ApplicationEventPublisher events,
            IdSource ids,
            InstantSource clock) {
        this.tenants = tenants;
        this.system = system;
        this.proofs = proofs;
        this.lookups = lookups;
        this.locations = locations;
        this.agents = agents;
        this.link = link;
        this.audit = audit;
        this.hub = hub;
        this.events = events;
        this.ids = ids;
        this.clock = clock;
    }

    /** What became of the wish for a look. */
    enum Begun {
        /** It is under way, or was already. */
        YES,
        /** The tenant had its share of this minute. */
        NOT_NOW,
        /** The tenant has no such claim. */
        UNKNOWN
    }

    /** By a person's wish, at once. */
    Begun begin(TenantId tenant, DomainProofId id) {
        Begun begun = tenants.call(tenant, () -> {
            if (lookups.countSince(tenant, clock.instant().minus(Duration.ofMinutes(1))) >= PER_MINUTE) {
                return proofs.find(tenant, id).isEmpty() ? Begun.UNKNOWN : Begun.NOT_NOW;
            }
            return proofs.lock(tenant, id)
                    .map(watched -> {
                        begin(watched);
                        return Begun.YES;
                    })
                    .orElse(Begun.UNKNOWN);
        });
        if (begun == Begun.YES) {
            handOver();
        }
        return begun;
    }

    /** Part of the tenant's transaction, which holds the row. */
    private void begin(Watched watched) {
        if (watched.looking()) {
            return;
        }
        DomainProof proof = watched.proof();
        Instant now = now();
        Look look = new Look(proof.tenant(), proof.id(), watched.looks() + 1);
        List<Candidate> asked = AskedAgents.choose(publicAgents(proof.tenant()), random);
        asked.forEach(agent -> lookups.insert(
                look, new TextLookupId(ids.next()), agent, proof.domain().challengeName(), now, now.plus(PATIENCE)));
        Watched looked = new Watched(proof, look.number(), true, watched.nextLookAt());
        if (asked.isEmpty()) {
            judge(looked, List.of());
        } else {
            proofs.write(looked);
            hub.publish(proof.tenant(), "domain-proof", proof.id(), look.number());
        }
    }

    private List<Candidate> publicAgents(TenantId tenant) {
        List<Candidate> found = new ArrayList<>();
        for (Location location : locations.visibleTo(tenant)) {
            if (location.isPublic()) {
                agents.at(TenantId.PLATFORM, location.id()).stream()
                        .filter(PlacedAgent::isAtWork)
                        .map(agent -> new Candidate(agent.id(), location.id(), location.name()))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Begins the looks that are due. One that fails is tried again with the next round. */
    @Scheduled(fixedDelayString = "PT10S")
    void beginDue() {
        try {
            for (DomainProof due : system.call(() -> proofs.due(clock.instant(), DUE_AT_ONCE))) {
                tenants.run(
                        due.tenant(),
                        () -> proofs.lock(due.tenant(), due.id())
                                .filter(watched -> isDue(watched, clock.instant()))
                                .ifPresent(this::begin));
            }
        } catch (RuntimeException e) {
            LOG.warn("Looks for the texts of domains could not be begun; the next try is in 10 s", e);
        }
    }

    private static boolean isDue(Watched watched, Instant now) {
        return watched.nextLookAt() != null && !watched.nextLookAt().isAfter(now);
    }

    /** Asks the agents of this controller: their looks may have been begun at another one. Whoever moves the row first asks. */
    @Scheduled(fixedDelayString = "PT1S")
    void handOver() {
        try {
            Instant now = clock.instant();
            system.call(() -> lookups.waiting(now)).forEach(this::ask);
        } catch (RuntimeException e) {
            LOG.warn("Agents could not be asked for the texts of domains; the next try is in a second", e);
        }
    }

    /** The row says that the agent is asked before it is: the answer of a near one must not overtake it. */
    private void ask(Waiting waiting) {
        Optional<UUID> session = link.session(waiting.agent());
        if (session.isEmpty()) {
            // It waits for the controller that has it.
            return;
        }
        boolean mine = system.call(() -> lookups.ask(waiting, session.get()));
        if (mine && !link.lookUpTexts(waiting.agent(), session.get(), waiting.id(), waiting.name())) {
            answer(waiting.agent(), waiting.id(), new PlaceAnswer.Unknown("the agent has just lost its connection"));
        }
    }

    /** The answer of an agent. One that it was not asked for, or that comes too late, is ignored. */
    public void answer(AgentId agent, TextLookupId id, PlaceAnswer answer) {
        system.run(() -> lookups.answer(agent, id, answer).ifPresent(this::endIfOver));
    }

    /** Gives up on agents that did not answer in time, ends what nobody ended, and forgets old looks. */
    @Scheduled(fixedDelayString = "PT1S")
    void giveUp() {
        try {
            Instant now = clock.instant();
            List<Look> over = system.call(() -> {
                lookups.giveUp(now, "the agent could not be reached in time", "the agent did not answer in time");
                return lookups.over();
            });
            over.forEach(look -> system.run(() -> endIfOver(look)));
        } catch (RuntimeException e) {
            LOG.warn("Looks for the texts of domains could not be ended; the next try is in a second", e);
        }
    }

    @Scheduled(fixedDelayString = "PT1M")
    void forget() {
        try {
            system.run(() -> lookups.forget(clock.instant().minus(DomainLookups.COUNTED)));
        } catch (RuntimeException e) {
            LOG.warn("Old looks for the texts of domains could not be deleted; the next try is in a minute", e);
        }
    }

    private void endIfOver(Look look) {
        // What others answer meanwhile is read once the row is held: of two last answers the second one ends the look.
        proofs.lock(look.tenant(), look.proof())
                .filter(watched -> watched.looking() && watched.looks() == look.number())
                .ifPresent(watched -> {
                    List<PlaceLookup> places = lookups.of(look);
                    if (places.stream().noneMatch(PlaceLookup::isOpen)) {
                        judge(watched, places);
                    }
                });
    }

    private void judge(Watched watched, List<PlaceLookup> places) {
        DomainProof before = watched.proof();
        TenantId tenant = before.tenant();
        Instant now = now();
        DomainProof after = before.after(
                ChallengeVerdict.of(
                        before.text(), places.stream().map(PlaceLookup::vote).toList()),
                now);
        proofs.write(new Watched(after, watched.looks(), false, LookSchedule.next(after, now)));
        ProofState was = before.lastKnownState();
        ProofState is = after.state(now);
        if (was != is) {
            if (!was.canBecome(is)) {
                throw new IllegalStateException("A proof can't go from " + was + " to " + is);
            }
            audit.record(AuditEntry.by(
                            Actor.SYSTEM,
                            tenant,
                            is == ProofState.PROVEN ? Act.DOMAIN_PROOF_PROVEN : Act.DOMAIN_PROOF_LAPSED,
                            before.id().value(),
                            before.domain().value())
                    .with("agentsAsked", places.size()));
            events.publishEvent(new DomainProofChanged(tenant));
        }
        hub.publish(tenant, "domain-proof", before.id(), watched.looks());
    }

    /** In the resolution of the database, so that what is compared later is what is judged now. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
