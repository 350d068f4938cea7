package io.postwatch.agent.probe.net;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;

/**
 * The streams of a socket that acknowledges at once what it reads, where the platform can: an acknowledgement held back
 * makes a server with Nagle's algorithm look slow. Linux forgets that wish as soon as something is sent, so it is
 * repeated before each read that follows a write.
 *
 * <p>Used by the thread of the run only.
 */
final class PromptSocket {

    private final Socket socket;
    private final boolean able;
    private final InputStream in;
    private final OutputStream out;
    private boolean forgotten = true;

    PromptSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.able = socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
        this.in = new Reading(socket.getInputStream());
        this.out = new Writing(socket.getOutputStream());
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    private void acknowledgeAtOnce() throws IOException {
        if (able && forgotten) {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            forgotten = false;
        }
    }

    private final class Reading extends FilterInputStream {

        Reading(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            acknowledgeAtOnce();
            return super.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            acknowledgeAtOnce();
            return super.read(into, offset, length);
        }
    }

    private final class Writing extends FilterOutputStream {

        Writing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            forgotten = true;
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            forgotten = true;
            out.write(bytes, offset, length);
        }
    }
}
