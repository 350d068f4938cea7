package io.postwatch.controller.gateway;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import java.math.BigInteger;
import java.time.Instant;

/** Agents at the other end of a connection that nobody made. */
public final class TestPeers {
    private TestPeers() {}

    public static AgentPeer of(AgentId agent, BigInteger serial) {
        return new AgentPeer(new AgentCertificate(agent, serial, Bytes.EMPTY), "192.0.2.1", Instant.EPOCH);
    }
}
