package io.postwatch.controller.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.postwatch.proto.agent.v1.ControllerMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What an agent is to be told and has not taken yet. An agent that doesn't read is still told of plans, runs and tests: when
 * there are too many of them, in number or in bytes, its session has to end. A snapshot is not counted in bytes: there is
 * one at a time, as large as what the agent is to run. Used by the thread of the session alone.
 */
final class Outbox {
    /** More than one batch of refused rows and the largest snapshot in parts. */
    static final int MAX_MESSAGES = 10_000;
    /** Four of the largest messages that go over the wire. */
    static final long MAX_BYTES = 16L * 1024 * 1024;

    private final ServerCallStreamObserver<ControllerMessage> toAgent;
    private final Deque<ControllerMessage> unsent = new ArrayDeque<>();
    private long bytes;

    Outbox(ServerCallStreamObserver<ControllerMessage> toAgent) {
        this.toAgent = toAgent;
    }

    void add(ControllerMessage message) {
        unsent.addLast(message);
        bytes += counted(message);
    }

    /** As far as the agent reads. */
    void sendWhatFits() {
        while (!unsent.isEmpty() && toAgent.isReady()) {
            ControllerMessage next = unsent.removeFirst();
            bytes -= counted(next);
            toAgent.onNext(next);
        }
    }

    boolean isEmpty() {
        return unsent.isEmpty();
    }

    /** Whether there is more than a session may have that is read by nobody. */
    boolean isOverfull() {
        return unsent.size() > MAX_MESSAGES || bytes > MAX_BYTES;
    }

    /** Forgets all that has no room, but for the reason of the end, which is to be sent all the same. */
    List<ControllerMessage> farewell() {
        List<ControllerMessage> farewell =
                unsent.stream().filter(ControllerMessage::hasGoodbye).toList();
        unsent.clear();
        bytes = 0;
        return farewell;
    }

    private static long counted(ControllerMessage message) {
        return message.hasSnapshot() ? 0 : message.getSerializedSize();
    }
}
