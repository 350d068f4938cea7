package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.SignedParts;
import io.postwatch.agent.probe.CheckType;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.schedule.RunLoad;
import io.postwatch.agent.schedule.TestId;
import io.postwatch.agent.schedule.TimeSample;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.SpoolId;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Capabilities;
import io.postwatch.proto.agent.v1.CertificateUpload;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Host;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.TriggeredRun;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session on one stream: the shell around {@link SessionRules}.
 *
 * <p>{@link #run} is the link's thread; it alone steps the state and writes to the stream. gRPC's threads and the runs
 * only put events in its queue, which is bounded by construction: one message at a time is asked for from the controller,
 * wake-ups are merged, tests are few.
 */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** How often the rules look at the time. */
    private static final Duration TICK = Duration.ofMillis(200);

    private static final int MAX_BATCH_BYTES = 256 * 1024;
    private static final int MAX_UPLOAD_BYTES = 1024 * 1024;

    /** Something the rules don't know of, that the session tells its owner. */
    interface Owner {

        /** The session stands. */
        void welcomed(Welcome welcome);
    }

    private final AgentId agent;
    private final SessionParts parts;
    private final Owner owner;
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Stream stream = new Stream();
    private final SpoolId spool;
    private SessionState state;
    private long unknownMessages;
    /** Written before {@link #stood}, read after it: other threads ask how long the session stood. */
    private long stoodNanos;

    private long helloNanos;
    private volatile boolean stood;

    Session(AgentId agent, SessionParts parts, Owner owner) {
        this.agent = agent;
        this.parts = parts;
        this.owner = owner;
        this.spool = parts.spool().id();
        this.state = new SessionState.AwaitingChallenge(parts.ticker().nanos());
    }

    /** There may be something to send. May be called by any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            events.add(new SessionEvent.Sendable());
        }
    }

    /** Ends the session with a good-bye. May be called by any thread. */
    void stop() {
        events.add(new SessionEvent.StopWanted());
    }

    /** Ends the session since its certificate was replaced. May be called by any thread. */
    void becomeOutdated(String what) {
        events.add(new SessionEvent.BecameOutdated(what));
    }

    /** How long the session stood; zero where it never did. */
    Duration stood() {
        return stood ? Duration.ofNanos(parts.ticker().nanos() - stoodNanos) : Duration.ZERO;
    }

    /** Opens the stream and works until the session is over. */
    SessionEnd run(AgentGatewayGrpc.AgentGatewayStub gateway) throws InterruptedException {
        parts.desk().beginSession();
        gateway.session(stream);
        long tickedNanos = parts.ticker().nanos();
        while (true) {
            if (state instanceof SessionState.Ended(SessionEnd end)) {
                return end;
            }
            SessionEvent event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            if (event != null) {
                handle(event);
            }
            long now = parts.ticker().nanos();
            if (now - tickedNanos >= TICK.toNanos()) {
                tickedNanos = now;
                tick();
            }
        }
    }

    private void tick() {
        if (!parts.spool().id().equals(spool)) {
            handle(new SessionEvent.BecameOutdated("the spool began a new numbering"));
            return;
        }
        handle(new SessionEvent.Ticked());
        // A row that turned from live to back-fill, or a gap, wakes nobody.
        handle(new SessionEvent.Sendable());
    }

    private void handle(SessionEvent first) {
        Queue<SessionEvent> due = new ArrayDeque<>(List.of(first));
        for (SessionEvent event = due.poll(); event != null; event = due.poll()) {
            if (event instanceof SessionEvent.Sendable) {
                woken.set(false);
            }
            SessionRules.Step step =
                    SessionRules.step(state, event, parts.ticker().nanos());
            state = step.state();
            for (SessionEffect effect : step.effects()) {
                perform(effect).ifPresent(due::add);
            }
            if (event instanceof SessionEvent.Said) {
                stream.askForNext();
            }
        }
    }

    /** Does it; what follows at once is the next event. */
    private Optional<SessionEvent> perform(SessionEffect effect) {
        switch (effect) {
            case SessionEffect.SayHello(ByteString nonce) -> {
                helloNanos = parts.ticker().nanos();
                stream.send(hello(nonce));
            }
            case SessionEffect.Welcomed(Welcome welcome) -> welcomed(welcome);
            case SessionEffect.SendHeartbeat(long number) -> sendHeartbeat(number);
            case SessionEffect.Send(AgentMessage message) -> stream.send(message);
            case SessionEffect.MeasureTime(HeartbeatReply reply) -> measure(reply);
            case SessionEffect.ApplyState(ControllerMessage message) -> apply(message);
            case SessionEffect.Trigger(TriggeredRun run) ->
                parts.scheduler()
                        .trigger(
                                new SeriesId(run.getSeries()),
                                run.getRevision(),
                                WireValues.instant(run.getScheduledAt()));
            case SessionEffect.BeginTest(RunTest test) -> beginTest(test);
            case SessionEffect.CancelTest(ByteString testId) ->
                testId(testId).ifPresent(test -> parts.tests().cancel(test));
            case SessionEffect.SendRows(Lane lane, long after, int atMost) -> {
                return sendRows(lane, after, atMost);
            }
            case SessionEffect.AckRows(Lane lane, long through) ->
                unlessRefused("note an ack", () -> parts.spool().ack(lane, through));
            case SessionEffect.UnackRows(Lane lane, long after) ->
                unlessRefused("take back acks", () -> parts.spool().unack(lane, after));
            case SessionEffect.SetAside(Lane lane, var row) -> {
                LOG.warn(
                        "The controller will never store record {} of lane {}: {}",
                        row.getSequence(),
                        lane,
                        row.getMessage());
                unlessRefused(
                        "note a rejected record",
                        () -> parts.spool()
                                .setAside(lane, row.getSequence(), row.getReason() + ": " + row.getMessage()));
            }
            case SessionEffect.CheckNumbering(Lane lane, long ackedThrough) -> checkNumbering(lane, ackedThrough);
            case SessionEffect.UploadCertificates(List<ByteString> fingerprints) -> upload(fingerprints);
            case SessionEffect.CountUnknown() -> countUnknown();
            case SessionEffect.Finish() -> stream.finish();
        }
        return Optional.empty();
    }

    /**
     * What a full disk refuses to note is left out: what was not acked in the spool is acked by the next ack that the
     * disk takes, or by the next welcome.
     */
    private static void unlessRefused(String what, Runnable write) {
        try {
            write.run();
        } catch (CompletionException refused) {
            LOG.warn("The spool could not {}: {}", what, refused.getMessage());
        }
    }

    private AgentMessage hello(ByteString nonce) {
        AgentFacts facts = parts.facts();
        ByteString bootId = WireValues.bytes(facts.bootId());
        byte[] sealingKey = parts.keys().sealingKey();
        byte[] signature =
                parts.keys().sign(SignedParts.ofHello(nonce.toByteArray(), agent, sealingKey, bootId.toByteArray()));
        Capabilities.Builder capabilities = Capabilities.newBuilder()
                .setIpv4(facts.ipv4())
                .setIpv6(facts.ipv6())
                .setMaxRunsPerSecond(facts.maxRunsPerSecond());
        for (CheckType type : CheckType.values()) {
            capabilities.addCheckTypes(io.postwatch.proto.agent.v1.CheckType.valueOf("CHECK_TYPE_" + type.name()));
        }
        for (AuthMechanism mechanism : AuthMechanism.values()) {
            capabilities.addAuthMechanisms(ResultMapping.mechanism(mechanism));
        }
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setAgentId(ByteString.copyFrom(agent.bytes()))
                        .setSignature(ByteString.copyFrom(signature))
                        .setSealingKey(ByteString.copyFrom(sealingKey))
                        .setBootId(bootId)
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

    private void welcomed(Welcome welcome) {
        stoodNanos = parts.ticker().nanos();
        stood = true;
        LOG.info("Connected as {} of {}", welcome.getAgentName(), welcome.getLocationName());
        parts.controllerClock().forgetSamples();
        if (welcome.hasControllerTime()) {
            parts.controllerClock()
                    .sample(new TimeSample(helloNanos, stoodNanos, WireValues.instant(welcome.getControllerTime())));
        }
        owner.welcomed(welcome);
    }

    private void sendHeartbeat(long number) {
        if (!stream.isReady()) {
            return;
        }
        RunLoad load = parts.scheduler().takeLoad();
        stream.send(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder()
                        .setNumber(number)
                        .setMonotonicNanos(parts.ticker().nanos())
                        .setWallTime(WireValues.timestamp(parts.wallClock().instant()))
                        .setLoad(Load.newBuilder()
                                .setSpoolRows(parts.spool().unackedRows())
                                .setRuns(load.runs())
                                .setSkippedRuns(load.skippedRuns())
                                .setScheduleLag(WireValues.duration(load.lag()))
                                .setResidentBytes(ResidentMemory.bytes())
                                .setAssignments(parts.desk().assignments())))
                .build());
    }

    private void measure(HeartbeatReply reply) {
        long now = parts.ticker().nanos();
        if (now - reply.getMonotonicNanos() >= 0) {
            parts.controllerClock()
                    .sample(new TimeSample(
                            reply.getMonotonicNanos(), now, WireValues.instant(reply.getControllerTime())));
        }
    }

    private void apply(ControllerMessage message) {
        if (message.hasSnapshot()) {
            parts.desk().apply(message.getSnapshot()).ifPresent(stream::send);
        } else {
            stream.send(parts.desk().apply(message.getDelta()));
        }
    }

    private void beginTest(RunTest wire) {
        Optional<TestId> test = testId(wire.getTestId());
        if (test.isEmpty()) {
            countUnknown();
            return;
        }
        try {
            Check check = AssignmentMapping.check(wire.getCheck());
            SealedSecret secret = AssignmentMapping.testSecret(wire);
            parts.tests().begin(test.get(), check, secret, this::testEnded);
        } catch (AssignmentMapping.UnusableException | IllegalArgumentException | ArithmeticException unusable) {
            testEnded(
                    test.get(),
                    parts.controllerClock().instant(),
                    ProbeResult.notRun(
                            FailureCode.INTERNAL_ERROR,
                            "The agent can't run this test: "
                                    + io.postwatch.agent.probe.bounds.ServerText.clean(
                                            String.valueOf(unusable.getMessage()), 500)));
        }
    }

    private void testEnded(TestId test, Instant startedAt, ProbeResult result) {
        UUID runId = new UUID(parts.random().nextLong(), parts.random().nextLong());
        events.add(new SessionEvent.TestEnded(ResultMapping.test(test, runId, startedAt, result)));
    }

    private static Optional<TestId> testId(ByteString bytes) {
        return bytes.size() == 16 ? Optional.of(new TestId(WireValues.uuid(bytes))) : Optional.empty();
    }

    private Optional<SessionEvent> sendRows(Lane lane, long after, int atMost) {
        if (!stream.isReady()) {
            return Optional.empty();
        }
        List<SpoolRecord> records = new ArrayList<>();
        unlessRefused(
                "read what is to be sent",
                () -> records.addAll(parts.spool().following(lane, after, atMost, MAX_BATCH_BYTES)));
        if (records.isEmpty()) {
            return Optional.empty();
        }
        ResultBatch.Builder batch = ResultBatch.newBuilder().setLane(ResultMapping.lane(lane));
        for (SpoolRecord record : records) {
            io.postwatch.proto.agent.v1.SpoolRecord.Builder wire =
                    batch.addRecordsBuilder().setSequence(record.sequence());
            switch (record) {
                case SpoolRecord.Run run -> wire.setResult(parse(run));
                case SpoolRecord.Gap gap -> wire.setGap(ResultMapping.gap(gap));
            }
        }
        stream.send(AgentMessage.newBuilder().setResultBatch(batch).build());
        return Optional.of(new SessionEvent.RowsSent(lane, records.getLast().sequence()));
    }

    /** What can't be read any more goes up empty, and the controller sets it aside: it must not block the lane. */
    private static RunResult parse(SpoolRecord.Run run) {
        try {
            return RunResult.parseFrom(run.payload());
        } catch (InvalidProtocolBufferException unreadable) {
            LOG.error("Record {} of the spool can't be read", run.sequence(), unreadable);
            return RunResult.getDefaultInstance();
        }
    }

    private void checkNumbering(Lane lane, long ackedThrough) {
        if (ackedThrough > parts.spool().lastSequence(lane)) {
            LOG.warn(
                    "The controller knows record {} of lane {}, which this spool never gave: it begins a new numbering",
                    ackedThrough,
                    lane);
            parts.spool().startAnew();
            events.add(new SessionEvent.BecameOutdated("the spool began a new numbering"));
        }
    }

    private void upload(List<ByteString> fingerprints) {
        CertificateUpload.Builder upload = CertificateUpload.newBuilder();
        int bytes = 0;
        for (ByteString fingerprint : fingerprints) {
            if (fingerprint.size() != 32) {
                continue;
            }
            Optional<byte[]> der =
                    parts.spool().certificate(new Fingerprint(HexFormat.of().formatHex(fingerprint.toByteArray())));
            if (der.isEmpty()) {
                continue;
            }
            upload.addCertificates(ByteString.copyFrom(der.get()));
            bytes += der.get().length;
            if (bytes > MAX_UPLOAD_BYTES) {
                stream.send(
                        AgentMessage.newBuilder().setCertificateUpload(upload).build());
                upload.clear();
                bytes = 0;
            }
        }
        if (upload.getCertificatesCount() > 0) {
            stream.send(AgentMessage.newBuilder().setCertificateUpload(upload).build());
        }
    }

    private void countUnknown() {
        unknownMessages++;
        if (unknownMessages == 1) {
            LOG.warn("The controller says something that this version of the agent doesn't know; it is ignored");
        }
    }

    /** The two directions of the call. Written to by the link's thread, called back by gRPC's. */
    private final class Stream implements ClientResponseObserver<AgentMessage, ControllerMessage> {

        private volatile @Nullable ClientCallStreamObserver<AgentMessage> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<AgentMessage> requests) {
            requests.disableAutoRequestWithInitial(1);
            requests.setOnReadyHandler(Session.this::wake);
            call = requests;
        }

        @Override
        public void onNext(ControllerMessage message) {
            events.add(new SessionEvent.Said(message, parts.random().nextDouble()));
        }

        @Override
        public void onError(Throwable broken) {
            events.add(new SessionEvent.StreamEnded(Status.fromThrowable(broken)));
        }

        @Override
        public void onCompleted() {
            events.add(new SessionEvent.StreamEnded(Status.OK));
        }

        void askForNext() {
            ClientCallStreamObserver<AgentMessage> open = call;
            if (open != null) {
                open.request(1);
            }
        }

        boolean isReady() {
            ClientCallStreamObserver<AgentMessage> open = call;
            return open != null && open.isReady();
        }

        void send(AgentMessage message) {
            ClientCallStreamObserver<AgentMessage> open = call;
            if (open != null) {
                try {
                    open.onNext(message);
                } catch (IllegalStateException over) {
                    LOG.debug(
                            "A {} came after the end of the session",
                            message.getMessageCase().name().toLowerCase(Locale.ROOT));
                }
            }
        }

        void finish() {
            ClientCallStreamObserver<AgentMessage> open = call;
            if (open != null) {
                try {
                    open.onCompleted();
                } catch (IllegalStateException over) {
                    LOG.debug("The session was over already");
                }
            }
        }
    }
}
