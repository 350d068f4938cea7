package io.postwatch.controller.result;

import io.postwatch.controller.run.ConnectAttempt;
import io.postwatch.controller.shared.FailureCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Attempts to connect in as few bytes as possible, as most results have one. */
final class AttemptBytes {
    private static final int LARGEST = 1 + 16 + 4 + 4 + 2;

    private AttemptBytes() {}

    static byte[] write(List<ConnectAttempt> attempts) {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST * attempts.size());
        for (ConnectAttempt attempt : attempts) {
            byte[] address = attempt.address().getAddress();
            FailureCode failure = attempt.failure();
            buffer.put((byte) address.length)
                    .put(address)
                    .putInt(Micros.of(attempt.start()))
                    .putInt(Micros.of(attempt.duration()))
                    .putShort(failure == null ? 0 : failure.number());
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    static List<ConnectAttempt> read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<ConnectAttempt> attempts = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] address = new byte[buffer.get()];
            buffer.get(address);
            int start = buffer.getInt();
            int duration = buffer.getInt();
            short failure = buffer.getShort();
            attempts.add(new ConnectAttempt(
                    address(address),
                    Micros.duration(start),
                    Micros.duration(duration),
                    failure == 0 ? null : FailureCode.ofNumber(failure)));
        }
        return attempts;
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }
}
