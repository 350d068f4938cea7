package io.postwatch.testserver;

import io.postwatch.testserver.sasl.SaslAbort;
import io.postwatch.testserver.sasl.SaslAccount;
import io.postwatch.testserver.sasl.SaslMechanism;
import io.postwatch.testserver.sasl.SaslServer;
import io.postwatch.testserver.sasl.ScramBehaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a server of a protocol says: well-behaved by default, otherwise exactly as told.
 *
 * @param <S> the script of a protocol itself
 */
public abstract sealed class Script<S extends Script<S>> extends WireScript<S>
        permits SmtpScript, ImapScript, Pop3Script {

    private final Map<String, List<Reply>> replies = new HashMap<>();
    private @Nullable IntFunction<Reply> greeting;
    private @Nullable SaslAccount account;
    private ScramBehaviour scram = ScramBehaviour.honest();
    private List<String> mechanisms = List.of("PLAIN", "LOGIN");
    private boolean plaintextLogin;

    Script() {}

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

    @Override
    void converse(Session session) throws IOException {
        new Conversation(this, session).run();
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
