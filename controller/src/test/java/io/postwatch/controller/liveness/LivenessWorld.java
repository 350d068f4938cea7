package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.ControllerClocks;
import io.postwatch.controller.enrolment.EnrolmentWorld;
import io.postwatch.controller.enrolment.IssuedCertificate;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** The fleet with agents that come and go, on a real database. */
final class LivenessWorld extends EnrolmentWorld {
    LivenessWorld(ScopedDatabase database) {
        super(database);
    }

    /** The ledger of one of several controllers. */
    SessionLedger newLedger(ControllerId controller) {
        return new SessionLedger(
                database.system(),
                database.jdbc(),
                identities,
                formerKeys,
                clones,
                clocks,
                controller,
                ids,
                clock,
                publisher());
    }

    ControllerLease newLease(ControllerId controller) {
        return newLease(controller, clocks, InstantSource.system());
    }

    /** Of a controller with a clock of its own. */
    ControllerLease newLease(ControllerId controller, ControllerClocks told, InstantSource own) {
        return new ControllerLease(database.reserved(), database.jdbc(), controller, TestKek.get(), told, own);
    }

    /** What one of several controllers sees of the others. */
    OrphanedSessions newWatch(SessionLedger ledger) {
        return new OrphanedSessions(database.system(), database.jdbc(), ledger, ticker, publisher());
    }

    /** A hello over a connection with the given certificate. */
    SessionRequest hello(TestAgentKeys keys, AgentId agent, IssuedCertificate certificate) {
        return hello(keys, agent, certificate, false);
    }

    /** @param publicAddressesOnly whether its host keeps it to public addresses */
    SessionRequest hello(
            TestAgentKeys keys, AgentId agent, IssuedCertificate certificate, boolean publicAddressesOnly) {
        return hello(keys, agent, certificate, Bytes.of(new byte[16]), 0, publicAddressesOnly);
    }

    /** One of several hellos of a process of the agent. */
    SessionRequest hello(TestAgentKeys keys, AgentId agent, IssuedCertificate certificate, Bytes boot, long attempt) {
        return hello(keys, agent, certificate, boot, attempt, false);
    }

    private SessionRequest hello(
            TestAgentKeys keys,
            AgentId agent,
            IssuedCertificate certificate,
            Bytes boot,
            long attempt,
            boolean publicAddressesOnly) {
        Bytes nonce = Bytes.of(new byte[32]);
        return new SessionRequest(
                new AgentPeer(
                        new AgentCertificate(agent, certificate.serial(), certificate.tlsKey()),
                        "192.0.2.1",
                        clock.instant()),
                agent,
                nonce,
                keys.sign("postwatch-hello-v1", nonce, Bytes.of(agent.value()), keys.sealingKey(), boot),
                keys.sealingKey(),
                boot,
                attempt,
                certificate.generation(),
                keyHashes(certificate.roots()),
                new AgentFacts(
                        "0.1.0",
                        "host",
                        "linux",
                        "amd64",
                        true,
                        false,
                        Set.of(),
                        Set.of(),
                        10,
                        publicAddressesOnly,
                        Set.of()),
                Duration.ZERO);
    }
}
