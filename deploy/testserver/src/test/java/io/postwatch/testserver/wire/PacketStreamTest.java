package io.postwatch.testserver.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketStreamTest {

    private static final byte[] TEXT = "a line of text in some packets".getBytes(US_ASCII);

    private final List<String> sent = new ArrayList<>();

    @Test
    void cutsIntoTheSamePacketsForTheSameSeed() throws IOException {
        assertThat(packets(Packets.random(7, 10)))
                .isEqualTo(packets(Packets.random(7, 10)))
                .isNotEqualTo(packets(Packets.random(8, 10)))
                .allMatch(packet -> packet.length() <= 10);
        assertThat(String.join("", packets(Packets.random(7, 10)))).isEqualTo(new String(TEXT, US_ASCII));
        assertThat(packets(Packets.ofSize(1))).hasSize(TEXT.length);
        assertThat(packets(Packets.whole())).hasSize(1);
    }

    @Test
    void endsAfterSoManyBytes() throws IOException {
        try (PacketStream stream = new PacketStream(recording(), Packets.ofSize(4), 6)) {
            assertThatExceptionOfType(PacketStream.CutException.class).isThrownBy(() -> stream.write(TEXT));
        }
        assertThat(sent).startsWith("a li", "ne");
        assertThat(String.join("", sent)).isEqualTo("a line");
    }

    private List<String> packets(Packets packets) throws IOException {
        sent.clear();
        try (PacketStream stream = new PacketStream(recording(), packets, Long.MAX_VALUE)) {
            stream.write(TEXT);
            return List.copyOf(sent);
        }
    }

    private OutputStream recording() {
        return new ByteArrayOutputStream() {
            @Override
            public void flush() {
                sent.add(toString(US_ASCII));
                reset();
            }
        };
    }
}
