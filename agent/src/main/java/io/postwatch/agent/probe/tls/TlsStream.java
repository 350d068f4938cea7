package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.TooMuchException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * TLS over the streams of a socket, by an engine. Blocks where the socket does; whoever closes the socket ends it.
 * Buffers begin small and grow to what the server really sends.
 *
 * <p>Used by the thread of the run only, which closes it.
 */
final class TlsStream implements Connection.Channel {

    /** A chain at its bounds, and room for the rest of a handshake. */
    private static final int MAX_HANDSHAKE_BYTES = ChainCapture.MAX_MESSAGE_BYTES + 64 * 1024;

    /** Header, 2^14 bytes, and what protection may add: RFC 5246, section 6.2.3. */
    private static final int MAX_RECORD = 5 + 16 * 1024 + 2048;

    /** What a run may read, with the overhead of many small records. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TlsLibrary library;
    private final SSLEngine engine;
    private final ChainCapture capture;
    private final InputStream in;
    private final OutputStream out;
    private final ServerRecords records = new ServerRecords();
    private ByteBuffer incoming = ByteBuffer.allocate(4096).flip();
    private ByteBuffer outgoing = ByteBuffer.allocate(1024);
    private ByteBuffer plain = ByteBuffer.allocate(2048).flip();
    private int received;
    private int bound = MAX_HANDSHAKE_BYTES;

    TlsStream(TlsLibrary library, SSLEngine engine, ChainCapture capture, InputStream in, OutputStream out) {
        this.library = library;
        this.capture = capture;
        this.engine = engine;
        this.in = in;
        this.out = out;
    }

    /** What the server sent in the clear. */
    ServerRecords records() {
        return records;
    }

    SSLSession session() {
        return engine.getSession();
    }

    /** Returns true, once TLS is up. */
    boolean handshake() throws IOException {
        engine.beginHandshake();
        try {
            proceed();
        } catch (SSLException e) {
            tellWhy();
            throw e;
        }
        bound = MAX_BYTES;
        return true;
    }

    @Override
    public int read(byte[] into) throws IOException {
        try {
            while (!plain.hasRemaining()) {
                if (unwrap() == SSLEngineResult.Status.CLOSED) {
                    return -1;
                }
                proceed();
            }
        } catch (EOFException e) {
            // Many servers leave without close_notify.
            return -1;
        } catch (SSLException e) {
            tellWhy();
            throw inWordsOfJdk(e);
        }
        int count = Math.min(into.length, plain.remaining());
        plain.get(into, 0, count);
        return count;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            wrap(source);
        }
        flush();
    }

    @Override
    public void close() {
        library.release(engine);
        capture.leave();
    }

    /** Does what the engine wants until it wants nothing more. */
    private void proceed() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    flush();
                    if (unwrap() == SSLEngineResult.Status.CLOSED) {
                        throw new EOFException("the server ended TLS");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    flush();
                    return;
                }
            }
        }
    }

    /** Takes one record, or a part of the handshake, waiting for it where it must. */
    private SSLEngineResult.Status unwrap() throws IOException {
        while (true) {
            plain.compact();
            SSLEngineResult result;
            try {
                result = engine.unwrap(incoming, plain);
            } finally {
                plain.flip();
            }
            switch (result.getStatus()) {
                case OK, CLOSED -> {
                    return result.getStatus();
                }
                case BUFFER_UNDERFLOW -> {
                    // Netty's engine tells of the end of a handshake of TLS 1.2 only here, and nothing more may come.
                    if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED) {
                        return SSLEngineResult.Status.OK;
                    }
                    fill();
                }
                case BUFFER_OVERFLOW -> plain = grown(plain);
            }
        }
    }

    private void fill() throws IOException {
        incoming.compact();
        if (!incoming.hasRemaining()) {
            incoming = grown(incoming.flip()).compact();
        }
        int position = incoming.position();
        int count = in.read(incoming.array(), position, incoming.remaining());
        if (count < 0) {
            incoming.flip();
            throw new EOFException("the connection was closed");
        }
        records.accept(incoming.array(), position, count);
        incoming.position(position + count).flip();
        received += count;
        if (received > bound && bound == MAX_BYTES) {
            throw new TooMuchException("The server sent more than " + bound / 1024 + " KiB of TLS in one run.");
        }
        if (received > bound) {
            throw new SSLException("the server sent more than " + bound / 1024 + " KiB");
        }
    }

    private void wrap(ByteBuffer source) throws IOException {
        switch (engine.wrap(source, outgoing).getStatus()) {
            case OK -> {}
            case BUFFER_OVERFLOW -> {
                if (outgoing.position() > 0) {
                    flush();
                } else {
                    outgoing = ByteBuffer.allocate(Math.max(
                            outgoing.capacity() * 2, engine.getSession().getPacketBufferSize()));
                }
            }
            case BUFFER_UNDERFLOW, CLOSED -> throw new SSLException("TLS has been ended");
        }
    }

    private void flush() throws IOException {
        if (outgoing.position() > 0) {
            out.write(outgoing.array(), 0, outgoing.position());
            outgoing.clear();
        }
    }

    /** An engine that has failed may have an alert for the server. */
    private void tellWhy() {
        try {
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING);
            }
            flush();
        } catch (IOException e) {
            // The server need not hear it; the run reports the first failure.
        }
    }

    private SSLException inWordsOfJdk(SSLException failure) {
        OptionalInt alert = library.alertOf(failure);
        return alert.isPresent()
                ? new SSLException("Received fatal alert: " + TlsAlerts.name(alert.getAsInt()), failure)
                : failure;
    }

    private static ByteBuffer grown(ByteBuffer full) throws SSLException {
        if (full.capacity() >= MAX_RECORD) {
            throw new SSLException("the server sent a record of more than " + MAX_RECORD + " bytes");
        }
        return ByteBuffer.allocate(Math.min(full.capacity() * 4, MAX_RECORD))
                .put(full)
                .flip();
    }
}
