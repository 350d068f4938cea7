package io.postwatch.controller.proof;

import io.postwatch.controller.proof.AskedAgents.Candidate;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.TextLookupId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What agents were asked, and what they said, as rows. Every method is part of the caller's transaction. */
@Component
class DomainLookups {
    /** How long looks are kept that are counted and no more. */
    static final Duration COUNTED = Duration.ofMinutes(10);

    private final JdbcClient jdbc;

    DomainLookups(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A look at a domain: one of those that there are of it. */
    record Look(TenantId tenant, DomainProofId proof, long number) {}

    void insert(Look look, TextLookupId id, Candidate asked, String name, Instant now, Instant deadline) {
        jdbc.sql("""
                INSERT INTO domain_lookup (tenant_id, lookup_id, proof_id, look, name, agent_id, location_id, location_name,
                    began_at, deadline, state)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING')
                """)
                .params(
                        look.tenant().value(),
                        id.value(),
                        look.proof().value(),
                        look.number(),
                        name,
                        asked.agent().value(),
                        asked.location().value(),
                        asked.locationName(),
                        Timestamp.from(now),
                        Timestamp.from(deadline))
                .update();
    }

    /** How many looks of the tenant began since then, also at domains that it claims no more. */
    int countSince(TenantId tenant, Instant since) {
        return jdbc.sql("""
                SELECT count(DISTINCT (proof_id, look)) FROM domain_lookup WHERE tenant_id = ? AND began_at > ?
                """)
                .params(tenant.value(), Timestamp.from(since))
                .query(Integer.class)
                .single();
    }

    /** What came of a look, by the names of the places. */
    List<PlaceLookup> of(Look look) {
        return jdbc.sql("""
                SELECT * FROM domain_lookup WHERE tenant_id = ? AND proof_id = ? AND look = ?
                ORDER BY lower(location_name), location_id, lookup_id
                """)
                .params(look.tenant().value(), look.proof().value(), look.number())
                .query(DomainLookups::place)
                .list();
    }

    /** An agent that is to be asked. */
    record Waiting(TenantId tenant, TextLookupId id, AgentId agent, String name) {}

    List<Waiting> waiting(Instant now) {
        return jdbc.sql("""
                SELECT tenant_id, lookup_id, agent_id, name FROM domain_lookup WHERE state = 'WAITING' AND deadline > ?
                """)
                .param(Timestamp.from(now))
                .query((row, n) -> new Waiting(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new TextLookupId(row.getObject("lookup_id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getString("name")))
                .list();
    }

    /** The question goes out now, on this session. False where it went out or was given up before. */
    boolean ask(Waiting lookup, UUID session) {
        return jdbc.sql("""
                UPDATE domain_lookup SET state = 'ASKED', session_id = ?
                WHERE tenant_id = ? AND lookup_id = ? AND state = 'WAITING'
                """)
                        .params(session, lookup.tenant().value(), lookup.id().value())
                        .update()
                == 1;
    }

    /** Once. Empty where this agent was not asked this, or the look is over. */
    Optional<Look> answer(AgentId agent, TextLookupId id, PlaceAnswer answer) {
        return switch (answer) {
            case PlaceAnswer.Told(var texts, var more, var aliasOf) ->
                write(agent, id, "TOLD", texts, more, aliasOf, null);
            case PlaceAnswer.Unknown(var reason) -> write(agent, id, "UNKNOWN", List.of(), false, null, reason);
            case PlaceAnswer.Awaited _ -> throw new IllegalArgumentException("That is no answer");
        };
    }

    private Optional<Look> write(
            AgentId agent,
            TextLookupId id,
            String state,
            List<String> texts,
            boolean more,
            @Nullable String aliasOf,
            @Nullable String reason) {
        return jdbc.sql("""
                UPDATE domain_lookup SET state = ?, texts = ?, more = ?, alias_of = ?::text, reason = ?::text
                WHERE lookup_id = ? AND agent_id = ? AND state = 'ASKED'
                RETURNING tenant_id, proof_id, look
                """)
                .param(state)
                .param(texts.toArray(String[]::new))
                .param(more)
                .param(aliasOf)
                .param(reason)
                .param(id.value())
                .param(agent.value())
                .query(DomainLookups::look)
                .optional();
    }

    /** Of all tenants; those that another controller is about to give up are left to it. */
    void giveUp(Instant now, String notReached, String notAnswered) {
        jdbc.sql("""
                UPDATE domain_lookup l SET state = 'UNKNOWN', reason = CASE WHEN state = 'WAITING' THEN ? ELSE ? END
                FROM (SELECT tenant_id, lookup_id FROM domain_lookup
                    WHERE state IN ('WAITING', 'ASKED') AND deadline <= ? FOR UPDATE SKIP LOCKED) late
                WHERE l.tenant_id = late.tenant_id AND l.lookup_id = late.lookup_id
                """).params(notReached, notAnswered, Timestamp.from(now)).update();
    }

    /** Looks that nobody has ended, and of which no answer is awaited any more. */
    List<Look> over() {
        return jdbc.sql("""
                SELECT p.tenant_id, p.proof_id, p.looks AS look FROM domain_proof p
                WHERE p.looking AND NOT EXISTS (
                    SELECT 1 FROM domain_lookup l WHERE l.tenant_id = p.tenant_id AND l.proof_id = p.proof_id
                        AND l.look = p.looks AND l.state IN ('WAITING', 'ASKED'))
                """).query(DomainLookups::look).list();
    }

    /** What is neither the last look of a claim nor counted any more. */
    void forget(Instant before) {
        jdbc.sql("""
                DELETE FROM domain_lookup l WHERE l.began_at < ? AND NOT EXISTS (
                    SELECT 1 FROM domain_proof p WHERE p.tenant_id = l.tenant_id AND p.proof_id = l.proof_id
                        AND p.looks = l.look)
                """).param(Timestamp.from(before)).update();
    }

    private static Look look(ResultSet row, int number) throws SQLException {
        return new Look(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new DomainProofId(row.getObject("proof_id", UUID.class)),
                row.getLong("look"));
    }

    private static PlaceLookup place(ResultSet row, int number) throws SQLException {
        return new PlaceLookup(
                new TextLookupId(row.getObject("lookup_id", UUID.class)),
                new AgentId(row.getObject("agent_id", UUID.class)),
                new LocationId(row.getObject("location_id", UUID.class)),
                row.getString("location_name"),
                answer(row));
    }

    private static PlaceAnswer answer(ResultSet row) throws SQLException {
        String state = row.getString("state");
        if (state.equals("TOLD")) {
            return new PlaceAnswer.Told(
                    texts(row.getArray("texts")), row.getBoolean("more"), row.getString("alias_of"));
        }
        return state.equals("UNKNOWN") ? new PlaceAnswer.Unknown(row.getString("reason")) : new PlaceAnswer.Awaited();
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}
