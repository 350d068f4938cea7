package io.postwatch.controller.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.postwatch.controller.assignment.AgentPlans;
import io.postwatch.controller.assignment.SyncReports;
import io.postwatch.controller.assignment.login.LoginLeases;
import io.postwatch.controller.enrolment.AgentChallenges;
import io.postwatch.controller.enrolment.AgentEndpoint;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.enrolment.CertificateRenewal;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.ServerIdentities;
import io.postwatch.controller.evaluation.Evaluation;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.monitortest.MonitorTests;
import io.postwatch.controller.proof.DomainLooks;
import io.postwatch.controller.shared.NanoTicker;
import java.time.InstantSource;
import org.springframework.context.ApplicationContext;

/**
 * A second gateway of the controller under test: a port, gates and sessions of its own, and the same database.
 *
 * @param beans the controller's
 * @param clock by which agents are welcomed
 */
record AnotherGateway(
        ApplicationContext beans,
        GatewayProperties properties,
        NanoTicker ticker,
        InstantSource clock,
        MeterRegistry meters) {
    /** Whoever starts it stops it. */
    AgentServer start() {
        SessionLedger ledger = beans.getBean(SessionLedger.class);
        CertificateAuthority authority = beans.getBean(CertificateAuthority.class);
        Evaluation evaluation = beans.getBean(Evaluation.class);
        Pulses pulses = new Pulses(ledger);
        AgentPlans plans = beans.getBean(AgentPlans.class);
        SessionWork work = new SessionWork(
                new Reception(ledger, authority, plans, evaluation, properties, clock, ticker),
                ledger,
                beans.getBean(SessionEnds.class),
                beans.getBean(AgentReach.class),
                plans,
                beans.getBean(SyncReports.class),
                beans.getBean(MonitorTests.class),
                beans.getBean(DomainLooks.class),
                evaluation,
                beans.getBean(LoginLeases.class),
                pulses,
                properties,
                ticker);
        AgentServer server = new AgentServer(
                beans.getBean(AgentEndpoint.class),
                properties,
                beans.getBean(CallLimitProperties.class),
                beans.getBean(ServerIdentities.class),
                authority,
                beans.getBean(AgentChallenges.class),
                beans.getBean(Enrolment.class),
                beans.getBean(CertificateRenewal.class),
                work,
                new SessionRegistry(meters),
                ledger,
                pulses,
                evaluation,
                InstantSource.system(),
                ticker);
        server.start();
        return server;
    }
}
