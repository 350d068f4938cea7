package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The one connection of a run: bytes in and out, until the deadline closes it. Plain at first, TLS after
 * {@link #secured}.
 *
 * <p>Used by the thread of the run only; the deadline's thread closes the socket beneath.
 */
public final class Connection implements AutoCloseable {

    /** What a connection may carry. */
    public enum Protection {
        /** Anybody can read along. */
        PLAINTEXT,
        /** TLS with whoever answered: the chain was judged bad. */
        UNTRUSTED,
        /** TLS with the host that was meant. */
        TRUSTED
    }

    private static final int MAX_RUN_BYTES = 1024 * 1024;

    private final Socket socket;
    private final Deadline deadline;
    private final Deadline.Registration registration;
    private final RunRecorder recorder;
    private final byte[] buffer = new byte[4096];
    private InputStream in;
    private OutputStream out;
    private Protection protection = Protection.PLAINTEXT;
    private int position;
    private int limit;
    private int received;
    private boolean usable = true;

    Connection(Socket socket, Deadline deadline, RunRecorder recorder) throws IOException {
        this.socket = socket;
        this.deadline = deadline;
        this.recorder = recorder;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.registration = deadline.register(socket::close);
    }

    /** The next byte. */
    public byte read() throws RunFailure {
        if (position == limit) {
            fill();
        }
        return buffer[position++];
    }

    /** Sends one line of a command; CR LF is added here. */
    public void writeLine(String line) throws RunFailure {
        write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    public void write(byte[] bytes) throws RunFailure {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            usable = false;
            throw IoFailures.ofConnection(e, deadline);
        }
    }

    /** Whether bytes have arrived that nobody has read yet. */
    public boolean hasUnread() {
        return position < limit;
    }

    /** The socket beneath, to put TLS on. */
    public Socket socket() {
        return socket;
    }

    /** From here on everything goes through TLS. */
    public void secured(Socket tls, Protection judged) throws RunFailure {
        try {
            in = tls.getInputStream();
            out = tls.getOutputStream();
        } catch (IOException e) {
            usable = false;
            throw IoFailures.ofConnection(e, deadline);
        }
        protection = judged;
    }

    public Protection protection() {
        return protection;
    }

    /** Says that nothing can be said on this connection any more, not even good-bye. */
    public void abandon() {
        usable = false;
    }

    /** Whether the server can still be talked to. */
    public boolean isUsable() {
        return usable && !deadline.remaining().isZero();
    }

    @Override
    public void close() {
        registration.close();
        try {
            socket.close();
        } catch (IOException e) {
            // The run is over; the kernel lets go of the socket either way.
        }
    }

    private void fill() throws RunFailure {
        int count;
        try {
            count = in.read(buffer);
        } catch (IOException e) {
            usable = false;
            throw IoFailures.ofConnection(e, deadline);
        }
        if (count < 0) {
            usable = false;
            Phase phase = recorder.phase();
            throw new RunFailure(
                    FailureCode.UNEXPECTED_CLOSE,
                    "The server closed the connection "
                            + (phase == null ? "without a word." : "in the phase " + phase.code() + "."));
        }
        received += count;
        if (received > MAX_RUN_BYTES) {
            usable = false;
            throw new RunFailure(FailureCode.REPLY_TOO_LONG, "The server sent more than 1 MiB in one run.");
        }
        position = 0;
        limit = count;
    }
}
