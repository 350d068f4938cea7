package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.Queued;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SpoolRecord;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One session of a {@link ScriptedController}: what the agent said in it, and what the controller says. */
public final class Conversation implements StreamObserver<AgentMessage> {

    private final ScriptedController controller;
    private final StreamObserver<ControllerMessage> answers;
    private final String client;
    private final ByteString nonce = ByteString.copyFrom(new byte[32]);
    private final List<AgentMessage> heard = new CopyOnWriteArrayList<>();
    private final Map<Lane, Long> lastSequence = new ConcurrentHashMap<>();
    private final long beganNanos = System.nanoTime();
    private volatile @Nullable Hello waiting;
    private volatile @Nullable Hello hello;
    private volatile boolean over;

    Conversation(ScriptedController controller, StreamObserver<ControllerMessage> answers, String client) {
        this.controller = controller;
        this.answers = answers;
        this.client = client;
    }

    ByteString nonce() {
        return nonce;
    }

    /** What the agent said, in order. */
    public List<AgentMessage> heard() {
        return heard;
    }

    public Hello hello() {
        Hello said = hello;
        if (said == null) {
            throw new IllegalStateException("the agent said no hello yet");
        }
        return said;
    }

    public boolean stands() {
        return hello != null;
    }

    public boolean isOver() {
        return over;
    }

    /** The first message of a kind, once it is there. */
    public AgentMessage await(Predicate<AgentMessage> kind) {
        return org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> heard.stream().filter(kind).findFirst(), java.util.Optional::isPresent)
                .orElseThrow();
    }

    public void say(ControllerMessage message) {
        synchronized (answers) {
            answers.onNext(message);
        }
    }

    /** Ends the stream in good order, and says nothing of why. */
    public void hangUp() {
        synchronized (answers) {
            answers.onCompleted();
        }
    }

    /** When the agent called, on the monotonic clock. */
    public long beganNanos() {
        return beganNanos;
    }

    /** Ends the stream as a controller does that breaks down. */
    public void breakOff() {
        synchronized (answers) {
            answers.onError(Status.UNAVAILABLE
                    .withDescription("The database does not answer")
                    .asRuntimeException());
        }
    }

    @Override
    public void onNext(AgentMessage message) {
        switch (message.getMessageCase()) {
            case HELLO -> welcome(message.getHello());
            case HEARTBEAT -> answer(message.getHeartbeat());
            case RESULT_BATCH -> store(message.getResultBatch());
            case SNAPSHOT_WANTED,
                    APPLIED,
                    CERTIFICATE_UPLOAD,
                    TEST_OUTCOME,
                    TEXTS_FOUND,
                    LOGIN_LEASE_WANTED,
                    LOGIN_LEASE_RETURNED,
                    GOODBYE,
                    MESSAGE_NOT_SET -> {}
        }
        heard.add(message);
    }

    private void welcome(Hello said) {
        Status error = controller.answerToHellos();
        if (error != null) {
            synchronized (answers) {
                answers.onError(error.asRuntimeException());
            }
            return;
        }
        UUID agent = WireValues.uuid(said.getAgentId());
        EnrolRequest known = controller.enrolled(agent);
        byte[] signed = AgentProofs.labelled(
                "postwatch-hello-v1",
                nonce.toByteArray(),
                said.getAgentId().toByteArray(),
                said.getSealingKey().toByteArray(),
                said.getBootId().toByteArray());
        if (known == null
                || !client.equals("CN=" + agent)
                || !AgentProofs.verifies(known.getIdentityKey(), signed, said.getSignature())) {
            say(ControllerMessage.newBuilder()
                    .setGoodbye(Goodbye.newBuilder()
                            .setReason(GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED)
                            .setMessage("This agent is not known here; enrol it again"))
                    .build());
            hangUp();
            return;
        }
        if (controller.isQueueing()) {
            waiting = said;
            sayQueued();
        } else {
            greet(said, known);
        }
    }

    /** Tells the agent that its hello waits for its turn. */
    public void sayQueued() {
        say(ControllerMessage.newBuilder()
                .setQueued(Queued.getDefaultInstance())
                .build());
    }

    /** The hello that waits has its turn. */
    public void letIn() {
        Hello said = Objects.requireNonNull(waiting);
        greet(said, Objects.requireNonNull(controller.enrolled(WireValues.uuid(said.getAgentId()))));
    }

    private void greet(Hello said, EnrolRequest known) {
        Welcome.Builder welcome = Welcome.newBuilder()
                .setSessionId(WireValues.bytes(UUID.randomUUID()))
                .setEpoch(controller.conversations().size())
                .setControllerTime(WireValues.timestamp(Instant.now()))
                .setHeartbeatInterval(WireValues.duration(controller.heartbeat()))
                .setAgentName(known.getName())
                .setLocationName("Test Lab");
        for (Lane lane : List.of(Lane.LANE_LIVE, Lane.LANE_BACK_FILL)) {
            ConcurrentSkipListMap<Long, ScriptedController.Row> rows = controller.rows(said.getSpoolId(), lane);
            if (!rows.isEmpty()) {
                welcome.addAcked(Ack.newBuilder().setLane(lane).setThroughSequence(rows.lastKey()));
            }
        }
        say(ControllerMessage.newBuilder().setWelcome(welcome).build());
        hello = said;
    }

    private void answer(Heartbeat beat) {
        if (!controller.isAnsweringHeartbeats()) {
            return;
        }
        say(ControllerMessage.newBuilder()
                .setHeartbeatReply(HeartbeatReply.newBuilder()
                        .setNumber(beat.getNumber())
                        .setMonotonicNanos(beat.getMonotonicNanos())
                        .setControllerTime(WireValues.timestamp(Instant.now())))
                .build());
    }

    private void store(ResultBatch batch) {
        ConcurrentSkipListMap<Long, ScriptedController.Row> rows =
                controller.rows(hello().getSpoolId(), batch.getLane());
        long through = 0;
        for (SpoolRecord record : batch.getRecordsList()) {
            through = record.getSequence();
            Long before = lastSequence.put(batch.getLane(), through);
            if (before != null && through != before + 1) {
                fail("record " + through + " came after " + before);
                return;
            }
            ScriptedController.Row stored = rows.get(through);
            if (stored != null && !stored.record().equals(record)) {
                fail("record " + through + " is another one than before");
                return;
            }
            rows.put(through, new ScriptedController.Row(record, stored == null ? 1 : stored.timesReceived() + 1));
        }
        if (controller.isAcking()) {
            ack(batch.getLane(), through);
        }
    }

    public void ack(Lane lane, long through) {
        say(ControllerMessage.newBuilder()
                .setAck(Ack.newBuilder().setLane(lane).setThroughSequence(through))
                .build());
    }

    private void fail(String why) {
        synchronized (answers) {
            answers.onError(Status.FAILED_PRECONDITION.withDescription(why).asRuntimeException());
        }
    }

    @Override
    public void onError(Throwable broken) {
        over = true;
    }

    @Override
    public void onCompleted() {
        over = true;
        try {
            hangUp();
        } catch (IllegalStateException hungUpBefore) {
            return;
        }
    }
}
