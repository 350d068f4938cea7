package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

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

    /** What the run's bytes go through. Blocks until the socket beneath is closed. Used by the run's thread only. */
    public interface Channel extends AutoCloseable {

        /** At least one byte and how many there are; -1 at the end. */
        int read(byte[] into) throws IOException;

        void write(byte[] bytes) throws IOException;

        /** Lets go of what it holds; the socket stays open. */
        @Override
        void close();
    }

    /** Puts a channel on the streams of a socket. */
    @FunctionalInterface
    public interface Layer<C extends Channel> {

        C on(InputStream in, OutputStream out);
    }

    /** How long a server may take over what decides nothing. */
    private static final Duration COURTESY_LIMIT = Duration.ofSeconds(2);

    private static final int MAX_RUN_BYTES = 1024 * 1024;

    private final Socket socket;
    private final PromptSocket streams;
    private final Deadline deadline;
    private final Deadline.Registration registration;
    private final RunRecorder recorder;
    private final byte[] buffer = new byte[4096];
    private Channel channel;
    private Protection protection = Protection.PLAINTEXT;
    private int position;
    private int limit;
    private int received;
    private boolean usable = true;

    Connection(Socket socket, Deadline deadline, RunRecorder recorder) throws IOException {
        this.socket = socket;
        this.deadline = deadline;
        this.recorder = recorder;
        this.streams = new PromptSocket(socket);
        this.channel = new Plain(streams.in(), streams.out());
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
            channel.write(bytes);
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

    /** From here on everything goes through TLS, with whoever it may be. */
    public <C extends Channel> C secured(Layer<C> tls) {
        C secure = tls.on(streams.in(), streams.out());
        channel = secure;
        protection = Protection.UNTRUSTED;
        return secure;
    }

    /** What the chain of the server is worth. */
    public void judged(Protection verdict) {
        protection = verdict;
    }

    public Protection protection() {
        return protection;
    }

    /** Says that nothing can be said on this connection any more, not even good-bye. */
    public void abandon() {
        usable = false;
    }

    /** Words that decide nothing any more. */
    @FunctionalInterface
    public interface Courtesy {

        void say() throws RunFailure;
    }

    /**
     * Says something and waits two seconds at most for what the server has to say to it. Whatever goes wrong is noted, and
     * makes the connection unusable.
     *
     * @param what the server did not answer, in that case
     */
    public void courtesy(String what, Courtesy words) {
        try (Deadline end = recorder.deadlineIn(COURTESY_LIMIT)) {
            end.register(socket::close);
            words.say();
        } catch (RunFailure unanswered) {
            usable = false;
            recorder.note("The server did not answer " + what + ".");
        }
    }

    /** Whether the server can still be talked to. */
    public boolean isUsable() {
        return usable && !deadline.remaining().isZero();
    }

    @Override
    public void close() {
        registration.close();
        channel.close();
        try {
            socket.close();
        } catch (IOException e) {
            // The run is over; the kernel lets go of the socket either way.
        }
    }

    private void fill() throws RunFailure {
        int count;
        try {
            count = channel.read(buffer);
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

    private record Plain(InputStream in, OutputStream out) implements Channel {

        @Override
        public int read(byte[] into) throws IOException {
            return in.read(into);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        @Override
        public void close() {
            // The socket is all there is.
        }
    }
}
