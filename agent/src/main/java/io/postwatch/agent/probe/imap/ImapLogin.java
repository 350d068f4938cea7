package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Credentials;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Phase auth: AUTHENTICATE PLAIN, AUTHENTICATE LOGIN, or the LOGIN command where a server knows nothing better. Says
 * nothing secret where it should not travel.
 */
final class ImapLogin {

    private static final Set<String> OTHERWISE_REFUSED = Set.of("UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT");

    private final ImapChannel channel;
    private final Connection connection;
    private final RunRecorder recorder;
    private final ImapCapabilities capabilities;

    ImapLogin(ImapChannel channel, Connection connection, RunRecorder recorder, ImapCapabilities capabilities) {
        this.channel = channel;
        this.connection = connection;
        this.recorder = recorder;
        this.capabilities = capabilities;
    }

    void logIn(Login login) throws RunFailure {
        if (connection.protection() == Connection.Protection.UNTRUSTED) {
            recorder.note("The password is withheld: the certificate was judged bad.");
            return;
        }
        recorder.begin(Phase.AUTH);
        boolean plaintext = connection.protection() == Connection.Protection.PLAINTEXT;
        if (plaintext && !login.allowPlaintext()) {
            throw new RunFailure(
                    FailureCode.AUTH_NEEDS_TLS,
                    "The password was not sent: the connection is not encrypted and the monitor does not allow that.");
        }
        Way way = choose(login.mechanism(), plaintext);
        recorder.authMechanism(way.mechanism);
        Credentials credentials = Credentials.of(login);
        judge(
                switch (way) {
                    case AUTHENTICATE_PLAIN -> authenticatePlain(credentials);
                    case AUTHENTICATE_LOGIN -> authenticateLogin(credentials);
                    case LOGIN_COMMAND -> loginCommand(login);
                });
        recorder.end();
    }

    /** The ways in, best first. */
    private enum Way {
        AUTHENTICATE_PLAIN(AuthMechanism.PLAIN),
        AUTHENTICATE_LOGIN(AuthMechanism.LOGIN),
        LOGIN_COMMAND(AuthMechanism.LOGIN);

        private final AuthMechanism mechanism;

        Way(AuthMechanism mechanism) {
            this.mechanism = mechanism;
        }
    }

    private Way choose(@Nullable AuthMechanism wanted, boolean plaintext) throws RunFailure {
        for (Way way : Way.values()) {
            if ((wanted == null || wanted == way.mechanism) && isOffered(way)) {
                return way;
            }
        }
        List<String> offered = capabilities.authMechanisms();
        if (plaintext && capabilities.has("LOGINDISABLED") && offered.isEmpty()) {
            throw new RunFailure(FailureCode.AUTH_NEEDS_TLS, "The server offers a login only after STARTTLS.");
        }
        throw new RunFailure(
                FailureCode.MECHANISM_NOT_OFFERED,
                offered.isEmpty()
                        ? "The server offers no login" + (wanted == null ? "." : " by " + wanted + ".")
                        : "The server does not offer " + (wanted == null ? "PLAIN or LOGIN" : wanted.name()) + ", only "
                                + recorder.shown(String.join(", ", offered), 200) + ".");
    }

    private boolean isOffered(Way way) {
        return switch (way) {
            case AUTHENTICATE_PLAIN -> capabilities.has("AUTH=PLAIN");
            case AUTHENTICATE_LOGIN -> capabilities.has("AUTH=LOGIN");
            case LOGIN_COMMAND -> !capabilities.has("LOGINDISABLED");
        };
    }

    /** With an initial response where the server knows how (RFC 4959). */
    private ImapResponse.Tagged authenticatePlain(Credentials credentials) throws RunFailure {
        if (capabilities.has("SASL-IR")) {
            String tag = channel.begin(
                    "AUTHENTICATE PLAIN " + credentials.plainResponse(), "AUTHENTICATE PLAIN [credentials]");
            return completion(tag);
        }
        String tag = channel.begin("AUTHENTICATE PLAIN", "AUTHENTICATE PLAIN");
        ImapResponse response = channel.next(tag);
        if (response instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(credentials.plainResponse(), "[credentials]");
        return completion(tag);
    }

    private ImapResponse.Tagged authenticateLogin(Credentials credentials) throws RunFailure {
        String tag = channel.begin("AUTHENTICATE LOGIN", "AUTHENTICATE LOGIN");
        if (channel.next(tag) instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(credentials.username(), "[username]");
        if (channel.next(tag) instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(credentials.password(), "[password]");
        return completion(tag);
    }

    /** Strings in quotes, or as literals where quotes can't hold them (RFC 9051, section 4.3). */
    private ImapResponse.Tagged loginCommand(Login login) throws RunFailure {
        if (isQuotable(login.username()) && isQuotable(login.password())) {
            recorder.hide(quoted(login.password()));
            String tag = channel.begin(
                    "LOGIN " + quoted(login.username()) + " " + quoted(login.password()),
                    "LOGIN [username] [password]");
            return completion(tag);
        }
        String tag = channel.begin("LOGIN " + literalSize(login.username()), "LOGIN {…}");
        if (channel.next(tag) instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(login.username() + " " + literalSize(login.password()), "[username] {…}");
        if (channel.next(tag) instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(login.password(), "[password]");
        return completion(tag);
    }

    /** A server that asks for more is answered with the end of the exchange (RFC 9051, section 6.2.2). */
    private ImapResponse.Tagged completion(String tag) throws RunFailure {
        ImapResponse response = channel.next(tag);
        if (response instanceof ImapResponse.Tagged end) {
            return end;
        }
        channel.continueWith("*", "*");
        channel.next(tag);
        throw new RunFailure(
                FailureCode.BAD_REPLY, "The server asks for more after everything was said.", response.line());
    }

    private void judge(ImapResponse.Tagged end) throws RunFailure {
        String code = ImapResponse.codeOf(end.text());
        switch (end.completion()) {
            case OK -> {}
            case NO -> {
                if (code.equals("PRIVACYREQUIRED")) {
                    throw new RunFailure(
                            FailureCode.AUTH_NEEDS_TLS, "The server wants TLS before a login.", end.line());
                }
                throw OTHERWISE_REFUSED.contains(code)
                        ? ImapRefusals.of(end, "The server refuses the login")
                        : new RunFailure(
                                FailureCode.LOGIN_REFUSED, "The server refused username or password.", end.line());
            }
            case BAD -> throw ImapRefusals.of(end, "The server does not understand the login");
        }
    }

    private static boolean isQuotable(String text) {
        return text.chars().allMatch(character -> character >= ' ' && character < 127);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String literalSize(String text) {
        return "{" + text.getBytes(StandardCharsets.UTF_8).length + "}";
    }
}
