package io.postwatch.testserver;

import io.postwatch.testserver.wire.Packets;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a server behaves on the wire, whatever it says. Changed before {@link #start}, read by all connections afterwards.
 *
 * @param <S> the script of a protocol itself
 */
public abstract sealed class WireScript<S extends WireScript<S>> permits Script, ReplayScript {

    private TlsSettings tls = TlsSettings.none();
    private boolean tlsFromStart;
    private Packets packets = Packets.whole();
    private long bytesUntilCut = Long.MAX_VALUE;
    private boolean bareLf;
    private boolean recorded = true;

    WireScript() {}

    abstract S self();

    /**
     * TLS from the first byte.
     *
     * @param byName for clients that ask by SNI for a name in these
     */
    public S tls(ServerIdentity as, ServerIdentity... byName) {
        tls = tls.serving(all(as, byName));
        tlsFromStart = true;
        return self();
    }

    /**
     * STARTTLS is offered.
     *
     * @param byName for clients that ask by SNI for a name in these
     */
    public S startTls(ServerIdentity as, ServerIdentity... byName) {
        tls = tls.serving(all(as, byName));
        tlsFromStart = false;
        return self();
    }

    private static List<ServerIdentity> all(ServerIdentity first, ServerIdentity... others) {
        return Stream.concat(Stream.of(first), Stream.of(others)).toList();
    }

    /** Every byte goes out in a packet of its own. */
    public S sliced() {
        return packets(Packets.ofSize(1));
    }

    /** What is sent goes out in packets of these sizes. */
    public S packets(Packets sizes) {
        packets = sizes;
        return self();
    }

    /** FIN after so many bytes, those of TLS included. */
    public S cutAfter(long bytes) {
        bytesUntilCut = bytes;
        return self();
    }

    /** Lines end with LF alone. */
    public S bareLf() {
        bareLf = true;
        return self();
    }

    /** What clients say is not kept: for a server that runs for long. */
    public S unrecorded() {
        recorded = false;
        return self();
    }

    /** Only these versions of TLS: {@code TLSv1} and {@code TLSv1.1}, or {@code TLSv1.2} and {@code TLSv1.3}. */
    public S protocols(String... only) {
        tls = tls.speaking(List.of(only));
        return self();
    }

    public S cipherSuites(String... only) {
        tls = tls.choosing(List.of(only));
        return self();
    }

    /** Nobody without a client certificate gets in. */
    public S clientCertificateDemanded() {
        tls = tls.demandingClientCertificate();
        return self();
    }

    /** Listens on any free port of 127.0.0.1. */
    public TestServer start() throws IOException {
        return start(0);
    }

    /** Listens on that port of 127.0.0.1. */
    public TestServer start(int port) throws IOException {
        return start(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    public TestServer start(InetAddress address, int port) throws IOException {
        return TestServer.start(this, address, port);
    }

    /** Leads the dialogue of one connection to its end. */
    abstract void converse(Session session) throws IOException;

    TlsSettings tlsSettings() {
        return tls;
    }

    boolean isTlsFromStart() {
        return tlsFromStart;
    }

    Packets packetsSent() {
        return packets;
    }

    long bytesUntilCut() {
        return bytesUntilCut;
    }

    boolean isBareLf() {
        return bareLf;
    }

    boolean isRecorded() {
        return recorded;
    }

    boolean offersStartTls(Session session) {
        return !tls.identities().isEmpty() && !tlsFromStart && !session.isEncrypted();
    }
}
