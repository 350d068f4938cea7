package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.news.AgentDeleted;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets agents that nobody has approved in time. The use of their token is gone. */
@Component
class UnapprovedAgents {
    private static final Logger LOG = LoggerFactory.getLogger(UnapprovedAgents.class);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final EnrolmentProperties properties;
    private final Audit audit;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    UnapprovedAgents(
            SystemTransactions transactions,
            JdbcClient jdbc,
            EnrolmentProperties properties,
            Audit audit,
            InstantSource clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.properties = properties;
        this.audit = audit;
        this.clock = clock;
        this.events = events;
    }

    /** Whoever is approved in the same moment stays, or was forgotten before. */
    private record Forgotten(TenantId tenant, AgentId agent, LocationId location, String name) {}

    @Scheduled(fixedDelayString = "PT1M")
    void forgetInTime() {
        try {
            forget();
        } catch (RuntimeException e) {
            LOG.warn("Agents that nobody approved could not be forgotten; the next try comes in a minute", e);
        }
    }

    void forget() {
        Timestamp before = Timestamp.from(clock.instant().minus(properties.approvalPatience()));
        List<Forgotten> forgotten = transactions.call(() -> {
            List<Forgotten> agents = jdbc.sql("""
                    DELETE FROM agent WHERE awaiting_approval_since < ?
                    RETURNING tenant_id, agent_id, location_id, name
                    """)
                    .param(before)
                    .query((row, n) -> new Forgotten(
                            new TenantId(row.getObject("tenant_id", UUID.class)),
                            new AgentId(row.getObject("agent_id", UUID.class)),
                            new LocationId(row.getObject("location_id", UUID.class)),
                            row.getString("name")))
                    .list();
            jdbc.sql("DELETE FROM agent_directory WHERE agent_id = ANY (?)")
                    .param(agents.stream().map(agent -> agent.agent().value()).toArray(UUID[]::new))
                    .update();
            agents.forEach(agent -> audit.record(AuditEntry.by(
                    Actor.SYSTEM,
                    agent.tenant(),
                    Act.AGENT_FORGOTTEN,
                    agent.agent().value(),
                    agent.name())));
            return agents;
        });
        forgotten.forEach(agent -> {
            LOG.info("Agent {} ({}) is forgotten: nobody approved it in time", agent.agent(), agent.name());
            events.publishEvent(new AgentDeleted(agent.tenant(), agent.agent(), agent.location()));
        });
    }
}
