package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.identity.SignedParts;
import io.postwatch.agent.link.mapping.ResultMapping;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.probe.CheckType;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.schedule.RunLoad;
import io.postwatch.agent.spool.SpoolId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Capabilities;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Host;
import io.postwatch.proto.agent.v1.Load;

/** What an agent says of itself: as its first words and with every heartbeat. */
final class AgentReports {

    private AgentReports() {}

    /** The answer to the challenge: who this agent is, proven by its signature over the nonce, and what it can do. */
    static AgentMessage hello(
            ByteString nonce, Session.Bearer bearer, long attempt, SpoolId spool, SessionParts parts) {
        AgentFacts facts = parts.facts().get();
        ByteString bootId = WireValues.bytes(facts.bootId());
        byte[] sealingKey = parts.keys().sealingKey();
        byte[] signature = parts.keys()
                .sign(SignedParts.ofHello(nonce.toByteArray(), bearer.agent(), sealingKey, bootId.toByteArray()));
        Capabilities.Builder capabilities = Capabilities.newBuilder()
                .setIpv4(facts.ipv4())
                .setIpv6(facts.ipv6())
                .setMaxRunsPerSecond(facts.maxRunsPerSecond())
                .setPublicAddressesOnly(facts.publicOnly())
                .addAllLocalSecrets(facts.localSecrets());
        for (CheckType type : CheckType.values()) {
            capabilities.addCheckTypes(io.postwatch.proto.agent.v1.CheckType.valueOf("CHECK_TYPE_" + type.name()));
        }
        for (AuthMechanism mechanism : AuthMechanism.SUPPORTED) {
            capabilities.addAuthMechanisms(ResultMapping.mechanism(mechanism));
        }
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setAgentId(ByteString.copyFrom(bearer.agent().bytes()))
                        .setSignature(ByteString.copyFrom(signature))
                        .setSealingKey(ByteString.copyFrom(sealingKey))
                        .setBootId(bootId)
                        .setAttempt(attempt)
                        .setGeneration(bearer.generation())
                        .addAllTrustedRoots(bearer.trustedRoots())
                        .setVersion(facts.version())
                        .setCapabilities(capabilities)
                        .setHost(Host.newBuilder()
                                .setHostname(facts.hostname())
                                .setOs(facts.os())
                                .setArch(facts.arch()))
                        .setAppliedRevision(parts.desk().revision())
                        .setAppliedHash(parts.desk().hash())
                        .setSpoolId(WireValues.bytes(spool.value()))
                        .setWallTime(WireValues.timestamp(parts.wallClock().instant())))
                .build();
    }

    /** A sign of life with the load since the last one. */
    static AgentMessage heartbeat(long number, SessionParts parts) {
        RunLoad load = parts.scheduler().takeLoad();
        return AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder()
                        .setNumber(number)
                        .setMonotonicNanos(parts.ticker().nanos())
                        .setWallTime(WireValues.timestamp(parts.wallClock().instant()))
                        .addAllBlockedPorts(parts.egress().blockedPorts())
                        .setLoad(Load.newBuilder()
                                .setSpoolRows(parts.spool().unackedRows())
                                .setRuns(load.runs())
                                .setSkippedRuns(load.skippedRuns())
                                .setScheduleLag(WireValues.duration(load.lag()))
                                .setResidentBytes(ResidentMemory.bytes())
                                .setAssignments(parts.desk().assignments())))
                .build();
    }
}
