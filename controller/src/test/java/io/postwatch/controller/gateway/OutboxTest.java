package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.Snapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private final TestStream stream = new TestStream();
    private final Outbox outbox = new Outbox(stream);

    @BeforeEach
    void nobodyReads() {
        stream.ready(false);
    }

    @Test
    void aSessionEndsThatHasTooManyBytesToTell() {
        for (int told = 0; told < Outbox.MAX_BYTES / MEBIBYTE - 1; told++) {
            outbox.add(delta(MEBIBYTE));
        }
        assertThat(outbox.isOverfull()).isFalse();
        outbox.add(delta(MEBIBYTE));
        assertThat(outbox.isOverfull()).as("with the envelopes it is more").isTrue();
    }

    @Test
    void aSessionEndsThatHasTooManyMessagesToTell() {
        for (int told = 0; told < Outbox.MAX_MESSAGES; told++) {
            outbox.add(ack(told));
        }
        assertThat(outbox.isOverfull()).isFalse();
        outbox.add(ack(0));
        assertThat(outbox.isOverfull()).isTrue();
    }

    @Test
    void aSnapshotMayBeAsLargeAsItIs() {
        ByteString large = ByteString.copyFrom(new byte[MEBIBYTE]);
        for (int part = 0; part <= Outbox.MAX_BYTES / MEBIBYTE; part++) {
            outbox.add(ControllerMessage.newBuilder()
                    .setSnapshot(Snapshot.newBuilder().setPart(part).setHash(large))
                    .build());
        }
        assertThat(outbox.isOverfull()).isFalse();
    }

    @Test
    void whatWasReadDoesNotCount() {
        outbox.add(ack(1));
        stream.ready(true);
        outbox.sendWhatFits();
        assertThat(stream.sent).containsExactly(ack(1));
        assertThat(outbox.isEmpty()).isTrue();
        stream.ready(false);
        for (int told = 0; told < Outbox.MAX_MESSAGES; told++) {
            outbox.add(ack(told));
        }
        assertThat(outbox.isOverfull()).isFalse();
    }

    @Test
    void ofWhatHasNoRoomAtTheEndTheReasonIsLeft() {
        ControllerMessage goodbye = ControllerMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setMessage("why"))
                .build();
        outbox.add(delta(MEBIBYTE));
        outbox.add(goodbye);
        assertThat(outbox.farewell()).containsExactly(goodbye);
        assertThat(outbox.isEmpty()).isTrue();
    }

    private static ControllerMessage delta(int bytes) {
        return ControllerMessage.newBuilder()
                .setDelta(Delta.newBuilder().setHash(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    private static ControllerMessage ack(long through) {
        return ControllerMessage.newBuilder()
                .setAck(Ack.newBuilder().setThroughSequence(through))
                .build();
    }
}
