package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A server that says given bytes, whatever it hears, over no network at all. */
public final class SaidBytes {

    /** Ends a packet; is not said itself. */
    public static final byte PACKET_END = 0;

    private SaidBytes() {}

    /** The connection to it. */
    public static Connection connection(byte[] said, Deadline deadline, RunRecorder recorder) throws IOException {
        return new Connection(new SilentSocket(said), deadline, recorder);
    }

    private static final class SilentSocket extends Socket {

        private final InputStream in;

        private SilentSocket(byte[] said) {
            this.in = new Packets(said);
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public synchronized void close() {
            // There is nothing to close.
        }
    }

    /** Each read gives one packet at most. */
    private static final class Packets extends ByteArrayInputStream {

        private Packets(byte[] said) {
            super(said);
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            while (pos < count && buf[pos] == PACKET_END) {
                pos++;
            }
            int end = pos;
            while (end < count && end - pos < length && buf[end] != PACKET_END) {
                end++;
            }
            return super.read(into, offset, end == pos ? length : end - pos);
        }

        @Override
        public int read(byte[] into) {
            return read(into, 0, into.length);
        }
    }
}
