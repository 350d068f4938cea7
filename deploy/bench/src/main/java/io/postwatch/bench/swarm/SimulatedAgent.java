package io.postwatch.bench.swarm;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.postwatch.agent.link.Backoff;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.Capabilities;
import io.postwatch.proto.agent.v1.CheckType;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Host;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One agent: keeps a session, beats, applies what it is told and reports it, and comes back by the agent's own back-off. It
 * runs nothing, so it has no results to send. Called by the event loops and the timer, one at a time.
 */
final class SimulatedAgent {

    static final String VERSION = "0.1.0";

    private static final InstantSource CLOCK = InstantSource.system();
    private static final int ID_BYTES = 16;
    /** As the agent's: for the handshake and the challenge, then for the welcome; and how often nothing may be heard. */
    private static final Duration OPENING_PATIENCE = Duration.ofSeconds(15);

    private static final int SILENT_HEARTBEATS = 3;
    private static final Duration STABLE = Duration.ofSeconds(10);

    private final int number;
    private final AgentIdentity identity;
    private final SharedLines lines;
    private final Swarm swarm;
    private final Random random;
    private final byte[] bootId = new byte[ID_BYTES];
    private final ByteString spoolId;
    private AppliedState state = AppliedState.NONE;
    private @Nullable Session session;
    private int failures;
    private boolean stopped;

    SimulatedAgent(int number, AgentIdentity identity, SharedLines lines, Swarm swarm, Random random) {
        this.number = number;
        this.identity = identity;
        this.lines = lines;
        this.swarm = swarm;
        this.random = new Random(random.nextLong());
        random.nextBytes(bootId);
        byte[] spool = new byte[ID_BYTES];
        random.nextBytes(spool);
        this.spoolId = ByteString.copyFrom(spool);
    }

    /** Begins after that time, and goes on until {@link #stop}. */
    synchronized void connectAfter(Duration pause) {
        if (!stopped) {
            Future<?> _ = lines.timer().schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    synchronized void stop() {
        stopped = true;
        if (session != null) {
            session.close();
        }
    }

    private synchronized void connect() {
        if (stopped) {
            return;
        }
        Session next = new Session(lines.open(number, identity.tls()));
        session = next;
        next.open();
    }

    /** One session on a connection of its own. Late calls of one that has ended change nothing. */
    private final class Session implements ClientResponseObserver<AgentMessage, ControllerMessage> {

        private final ManagedChannel channel;
        private final List<Snapshot> parts = new ArrayList<>();
        private @Nullable ClientCallStreamObserver<AgentMessage> call;
        private @Nullable ScheduledFuture<?> due;
        private Duration interval = Duration.ZERO;
        private long stoodNanos;
        private long heardNanos;
        private long beats;
        private boolean stands;
        private boolean busy;
        private boolean over;

        Session(ManagedChannel channel) {
            this.channel = channel;
        }

        void open() {
            awaitOpening();
            var _ = AgentGatewayGrpc.newStub(channel).session(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AgentMessage> requests) {
            call = requests;
        }

        @Override
        public void onNext(ControllerMessage message) {
            synchronized (SimulatedAgent.this) {
                if (!over) {
                    heardNanos = System.nanoTime();
                    said(message);
                }
            }
        }

        @Override
        public void onError(Throwable broken) {
            synchronized (SimulatedAgent.this) {
                Status status = Status.fromThrowable(broken);
                end(status.getCode() + ": " + status.getDescription(), true);
            }
        }

        @Override
        public void onCompleted() {
            synchronized (SimulatedAgent.this) {
                end("the controller ended the stream", true);
            }
        }

        private void said(ControllerMessage message) {
            switch (message.getMessageCase()) {
                case CHALLENGE -> {
                    send(hello(message.getChallenge().getNonce().toByteArray()));
                    awaitOpening();
                }
                case QUEUED -> awaitOpening();
                case WELCOME -> welcomed(message.getWelcome());
                case SNAPSHOT -> apply(message.getSnapshot());
                case DELTA -> apply(message.getDelta());
                case DRAIN -> {
                    long within = TimeUnit.SECONDS.toNanos(
                            message.getDrain().getWithin().getSeconds());
                    Future<?> _ = lines.timer()
                            .schedule(this::leave, Math.round(random.nextDouble() * within), TimeUnit.NANOSECONDS);
                }
                case GOODBYE -> {
                    GoodbyeReason reason = message.getGoodbye().getReason();
                    busy = reason == GoodbyeReason.GOODBYE_REASON_BUSY;
                    end("goodbye: " + reason, true);
                }
                // Nothing is run here, so there is nothing to trigger, to test, to look up or to ack.
                case HEARTBEAT_REPLY,
                        TRIGGERED_RUN,
                        RUN_TEST,
                        CANCEL_TEST,
                        ACK,
                        REJECTED_ROW,
                        CERTIFICATE_WANTED,
                        LOOK_UP_TEXTS,
                        LOGIN_LEASE,
                        MESSAGE_NOT_SET -> {}
            }
        }

        private void welcomed(Welcome welcome) {
            stands = true;
            stoodNanos = System.nanoTime();
            swarm.stands();
            interval = Duration.ofSeconds(
                    welcome.getHeartbeatInterval().getSeconds(),
                    welcome.getHeartbeatInterval().getNanos());
            forget(due);
            due = lines.timer().scheduleAtFixedRate(this::beat, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        }

        private void beat() {
            synchronized (SimulatedAgent.this) {
                if (over) {
                    return;
                }
                if (System.nanoTime() - heardNanos > interval.toNanos() * SILENT_HEARTBEATS) {
                    end("nothing was heard for " + SILENT_HEARTBEATS + " heartbeats", true);
                    return;
                }
                ClientCallStreamObserver<AgentMessage> open = call;
                if (open == null || !open.isReady()) {
                    return;
                }
                beats++;
                swarm.beat();
                send(AgentMessage.newBuilder()
                        .setHeartbeat(Heartbeat.newBuilder()
                                .setNumber(beats)
                                .setMonotonicNanos(System.nanoTime())
                                .setWallTime(now())
                                .setLoad(Load.newBuilder()
                                        .setAssignments(state.items().size())))
                        .build());
            }
        }

        private void apply(Snapshot part) {
            if (part.getPart() == 0) {
                parts.clear();
            }
            if (part.getPart() != parts.size()) {
                want("a part is missing");
                return;
            }
            parts.add(part);
            if (part.getLast()) {
                Optional<AppliedState> whole = AppliedState.of(parts);
                parts.clear();
                applied(whole, part.getAssignmentsList());
            }
        }

        private void apply(Delta delta) {
            applied(state.with(delta), delta.getAssignedList());
        }

        private void applied(Optional<AppliedState> after, List<io.postwatch.proto.agent.v1.Assignment> assigned) {
            if (after.isEmpty()) {
                want("the change does not fit");
                return;
            }
            state = after.get();
            send(AgentMessage.newBuilder()
                    .setApplied(
                            Applied.newBuilder().setRevision(state.revision()).setHash(state.hash()))
                    .build());
            swarm.applied(assigned, System.nanoTime());
        }

        private void want(String reason) {
            swarm.fellOutOfStep();
            send(AgentMessage.newBuilder()
                    .setSnapshotWanted(SnapshotWanted.newBuilder()
                            .setAppliedRevision(state.revision())
                            .setReason(reason))
                    .build());
        }

        private void awaitOpening() {
            forget(due);
            due = lines.timer()
                    .schedule(
                            () -> {
                                synchronized (SimulatedAgent.this) {
                                    if (!stands) {
                                        end("the controller did not open the session in time", true);
                                    }
                                }
                            },
                            OPENING_PATIENCE.toNanos(),
                            TimeUnit.NANOSECONDS);
        }

        private void leave() {
            synchronized (SimulatedAgent.this) {
                end("drained", false);
            }
        }

        void close() {
            end("stopped", false);
        }

        private void end(String reason, boolean failure) {
            if (over) {
                return;
            }
            over = true;
            forget(due);
            boolean stable = stands && System.nanoTime() - stoodNanos >= STABLE.toNanos();
            if (stands) {
                swarm.stoodNoMore();
            }
            channel.shutdownNow();
            if (!failure) {
                failures = 0;
                connectAfter(Duration.ZERO);
                return;
            }
            swarm.failed(reason);
            failures = stable ? 1 : failures + 1;
            double draw = random.nextDouble();
            connectAfter(busy ? Backoff.DEFAULT.longest(draw) : Backoff.DEFAULT.delay(failures, draw));
        }

        private void send(AgentMessage message) {
            ClientCallStreamObserver<AgentMessage> open = call;
            if (open != null && !over) {
                open.onNext(message);
            }
        }

        private static void forget(@Nullable Future<?> task) {
            if (task != null) {
                task.cancel(false);
            }
        }
    }

    private AgentMessage hello(byte[] nonce) {
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setAgentId(ByteString.copyFrom(identity.agent().bytes()))
                        .setSignature(ByteString.copyFrom(identity.signHello(nonce, bootId)))
                        .setSealingKey(identity.sealingKey())
                        .setBootId(ByteString.copyFrom(bootId))
                        .setVersion(VERSION)
                        .setCapabilities(Capabilities.newBuilder()
                                .addCheckTypes(CheckType.CHECK_TYPE_SMTP)
                                .addCheckTypes(CheckType.CHECK_TYPE_IMAP)
                                .addCheckTypes(CheckType.CHECK_TYPE_POP3)
                                .addAuthMechanisms(AuthMechanism.AUTH_MECHANISM_PLAIN)
                                .setIpv4(true)
                                .setIpv6(true)
                                .setMaxRunsPerSecond(200))
                        .setHost(Host.newBuilder()
                                .setHostname("agent-" + number)
                                .setOs("Linux")
                                .setArch("amd64"))
                        .setAppliedRevision(state.revision())
                        .setAppliedHash(state.revision() == 0 ? ByteString.EMPTY : state.hash())
                        .setSpoolId(spoolId)
                        .setWallTime(now()))
                .build();
    }

    private static Timestamp now() {
        Instant now = CLOCK.instant();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }
}
