package io.postwatch.testserver;

import io.postwatch.testserver.sasl.SaslAbort;
import io.postwatch.testserver.sasl.SaslAccount;
import io.postwatch.testserver.sasl.SaslMechanism;
import io.postwatch.testserver.sasl.SaslServer;
import io.postwatch.testserver.sasl.ScramBehaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a server behaves: well by default, otherwise exactly as told. Changed before {@link #start}, read by all
 * connections afterwards.
 *
 * @param <S> the script of a protocol itself
 */
public abstract sealed class Script<S extends Script<S>> permits SmtpScript, ImapScript, Pop3Script {

    private final Map<String, List<Reply>> replies = new HashMap<>();
    private @Nullable IntFunction<Reply> greeting;
    private TlsSettings tls = TlsSettings.none();
    private boolean tlsFromStart;
    private @Nullable SaslAccount account;
    private ScramBehaviour scram = ScramBehaviour.honest();
    private List<String> mechanisms = List.of("PLAIN", "LOGIN");
    private boolean plaintextLogin;
    private Packets packets = Packets.whole();
    private long bytesUntilCut = Long.MAX_VALUE;
    private boolean bareLf;

    Script() {}

    abstract S self();

    /** The lines of the greeting, each ended with CR LF. */
    public S greeting(String... lines) {
        return greeting(Reply.lines(lines));
    }

    public S greeting(Reply reply) {
        return greeting(connection -> reply);
    }

    /** A greeting that depends on the number of the connection, counted from 0. */
    public S greeting(IntFunction<Reply> ofConnection) {
        greeting = ofConnection;
        return self();
    }

    /**
     * What is done on a command instead of the usual.
     *
     * @param verb its first word, in any case
     * @param inOrder for the first, the second … time in a connection; the last one serves for all further times
     */
    public S onCommand(String verb, Reply... inOrder) {
        replies.put(verb.toUpperCase(Locale.ROOT), List.of(inOrder));
        return self();
    }

    /** The usual, so much later. */
    public S delayed(String verb, Duration delay) {
        return onCommand(verb, Reply.usual().after(delay));
    }

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

    /** This login, and no other, is accepted; without encryption none is offered. */
    public S login(String user, String secret) {
        account = new SaslAccount(user, secret, null);
        return self();
    }

    /** This login is accepted, and this bearer token with XOAUTH2 and OAUTHBEARER. */
    public S login(String user, String secret, String token) {
        account = new SaslAccount(user, secret, token);
        return self();
    }

    /**
     * The SASL mechanisms offered where a login is offered at all; may be none. PLAIN and LOGIN, if not told.
     *
     * @param offered registered names; those that are no {@link SaslMechanism} are offered, and refused when used
     */
    public S mechanisms(String... offered) {
        mechanisms = List.of(offered);
        return self();
    }

    /** How SCRAM-SHA-1 and SCRAM-SHA-256 are conducted. */
    public S scram(ScramBehaviour behaviour) {
        scram = behaviour;
        return self();
    }

    /** A login is offered without encryption, too. */
    public S plaintextLogin() {
        plaintextLogin = true;
        return self();
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

    /** What is said first, unless told otherwise. */
    abstract Reply usualGreeting(Session session);

    /** The tag of an IMAP command; empty in other protocols. */
    abstract String tagOf(String line);

    /** The command's name in upper case. */
    abstract String verbOf(String line);

    /** What a well-behaved server does; returns false where the session is over. */
    abstract boolean answer(Session session, String verb, String line) throws IOException;

    Reply greetingOf(int connection) {
        return greeting == null ? Reply.usual() : greeting.apply(connection);
    }

    @Nullable
    Reply replyTo(String verb, int occurrence) {
        List<Reply> told = replies.get(verb);
        return told == null || told.isEmpty() ? null : told.get(Math.min(occurrence, told.size() - 1));
    }

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

    boolean offersStartTls(Session session) {
        return !tls.identities().isEmpty() && !tlsFromStart && !session.isEncrypted();
    }

    boolean offersLogin(Session session) {
        return account != null && (session.isEncrypted() || plaintextLogin);
    }

    boolean accepts(String user, String secret) {
        return account != null && account.accepts(user, secret);
    }

    boolean acceptsApop(String user, String timestamp, String digest) {
        return account != null && account.acceptsApop(user, timestamp, digest);
    }

    List<String> mechanismsOffered() {
        return mechanisms;
    }

    /**
     * Conducts a SASL exchange.
     *
     * @param mechanism its name, as the client gave it
     * @param initial the client's initial response in base64, {@code =} for an empty one; null where it sent none
     * @param prompt what a challenge begins with
     */
    LoginOutcome authenticate(Session session, String mechanism, @Nullable String initial, String prompt)
            throws IOException {
        SaslMechanism known = SaslMechanism.named(mechanism).orElse(null);
        if (account == null || known == null || mechanisms.stream().noneMatch(mechanism::equalsIgnoreCase)) {
            return LoginOutcome.NOT_OFFERED;
        }
        try {
            byte[] response = initial == null ? null : decoded(initial.equals("=") ? "" : initial);
            boolean accepted = new SaslServer(account, scram)
                    .accepts(known, response, challenge -> responseTo(session, prompt, challenge));
            return session.loggedIn(accepted);
        } catch (SaslAbort e) {
            return switch (e.reason()) {
                case CANCELLED -> LoginOutcome.CANCELLED;
                case MALFORMED -> LoginOutcome.MALFORMED;
            };
        }
    }

    private static byte[] responseTo(Session session, String prompt, byte[] challenge) throws IOException, SaslAbort {
        String response = session.ask(prompt + Base64.getEncoder().encodeToString(challenge));
        if (response == null || response.equals("*")) {
            throw new SaslAbort(SaslAbort.Reason.CANCELLED);
        }
        return decoded(response);
    }

    private static byte[] decoded(String base64) throws SaslAbort {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
    }
}
