package io.postwatch.testserver.wire;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.IntSupplier;

/** Writes and flushes in packets of the given sizes, and no more than so many bytes altogether. */
public final class PacketStream extends FilterOutputStream {

    /** The script wants the connection cut here. */
    public static final class CutException extends IOException {

        private static final long serialVersionUID = 1;

        private CutException() {
            super("cut as told");
        }
    }

    private final IntSupplier sizes;
    private long left;

    public PacketStream(OutputStream out, Packets packets, long bytesUntilCut) {
        super(out);
        this.sizes = packets.begin();
        this.left = bytesUntilCut;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int allowed = (int) Math.min(length, left);
        int sent = 0;
        while (sent < allowed) {
            int size = Math.min(sizes.getAsInt(), allowed - sent);
            out.write(bytes, offset + sent, size);
            out.flush();
            sent += size;
        }
        left -= sent;
        if (sent < length) {
            throw new CutException();
        }
    }
}
