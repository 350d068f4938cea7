package io.postwatch.testserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The script of an IMAP server. */
public final class ImapScript extends Script<ImapScript> {

    private static final Pattern LITERAL = Pattern.compile("(.*)\\{\\d+\\}");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    private List<String> capabilities = List.of("IMAP4rev1", "SASL-IR", "IDLE");
    private List<String> mechanisms = List.of("PLAIN", "LOGIN");
    private boolean loginCommand = true;

    ImapScript() {}

    /** What it says it can do, besides STARTTLS and the ways to log in. */
    public ImapScript capabilities(String... told) {
        capabilities = List.of(told);
        return this;
    }

    /** The mechanisms of AUTHENTICATE offered where a login is offered at all; may be none. */
    public ImapScript mechanisms(String... offered) {
        mechanisms = List.of(offered);
        return this;
    }

    /** The LOGIN command is not to be used. */
    public ImapScript loginDisabled() {
        loginCommand = false;
        return this;
    }

    @Override
    ImapScript self() {
        return this;
    }

    @Override
    Reply usualGreeting() {
        return Reply.lines("* OK IMAP4rev1 ready");
    }

    @Override
    String tagOf(String line) {
        return line.split(" ", 2)[0];
    }

    @Override
    String verbOf(String line) {
        String[] words = line.split(" ", 3);
        return words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
    }

    @Override
    boolean answer(Session session, String verb, String line) throws IOException {
        String tag = tagOf(line);
        switch (verb) {
            case "CAPABILITY" ->
                session.send(
                        "* CAPABILITY " + String.join(" ", capabilitiesIn(session)), tag + " OK CAPABILITY completed");
            case "STARTTLS" -> startTls(session, tag);
            case "AUTHENTICATE" -> authenticate(session, tag, line);
            case "LOGIN" -> logIn(session, tag, line);
            case "NOOP" -> session.send(tag + " OK NOOP completed");
            case "LOGOUT" -> {
                session.send("* BYE Logging out", tag + " OK LOGOUT completed");
                return false;
            }
            default -> session.send(tag + " BAD Command unknown");
        }
        return true;
    }

    private List<String> capabilitiesIn(Session session) {
        List<String> all = new ArrayList<>(capabilities);
        if (offersStartTls(session)) {
            all.add("STARTTLS");
        }
        if (offersLogin(session)) {
            mechanisms.forEach(mechanism -> all.add("AUTH=" + mechanism));
        }
        if (!offersLogin(session) || !loginCommand) {
            all.add("LOGINDISABLED");
        }
        return all;
    }

    private void startTls(Session session, String tag) throws IOException {
        if (!offersStartTls(session)) {
            session.send(tag + " BAD Not offered");
            return;
        }
        session.send(tag + " OK Begin TLS negotiation now");
        session.startTls();
    }

    private void authenticate(Session session, String tag, String line) throws IOException {
        String[] words = line.split(" ", 4);
        String mechanism = words.length > 2 ? words[2].toUpperCase(Locale.ROOT) : "";
        if (!offersLogin(session) || !mechanisms.contains(mechanism)) {
            session.send(tag + " NO Mechanism not offered");
        } else if (mechanism.equals("PLAIN")) {
            String response = words.length > 3 ? words[3] : ask(session, "+ ");
            judge(session, tag, response != null && SaslPlain.isAccepted(this, response));
        } else {
            String user = ask(session, "+ VXNlcm5hbWU6");
            String secret = ask(session, "+ UGFzc3dvcmQ6");
            judge(
                    session,
                    tag,
                    user != null && secret != null && accepts(SaslPlain.decoded(user), SaslPlain.decoded(secret)));
        }
    }

    private void logIn(Session session, String tag, String line) throws IOException {
        if (!offersLogin(session) || !loginCommand) {
            session.send(tag + " NO [PRIVACYREQUIRED] Plaintext authentication disallowed");
            return;
        }
        List<String> strings = new ArrayList<>();
        String rest = line.split(" ", 3).length > 2 ? line.split(" ", 3)[2] : "";
        boolean literalBefore = false;
        while (rest != null) {
            Matcher literal = LITERAL.matcher(rest);
            boolean literalAhead = literal.matches();
            String text = literalAhead ? literal.group(1) : rest;
            if (literalBefore) {
                strings.add(literalAhead ? text.stripTrailing() : text);
            } else {
                STRING.matcher(text)
                        .results()
                        .forEach(found -> strings.add(
                                found.group(1) == null
                                        ? found.group(2)
                                        : found.group(1).replaceAll("\\\\(.)", "$1")));
            }
            literalBefore = literalAhead;
            rest = literalAhead ? ask(session, "+ Go ahead") : null;
        }
        judge(session, tag, strings.size() == 2 && accepts(strings.get(0), strings.get(1)));
    }

    private static @Nullable String ask(Session session, String prompt) throws IOException {
        session.send(prompt);
        return session.readLine();
    }

    private static void judge(Session session, String tag, boolean accepted) throws IOException {
        session.send(accepted ? tag + " OK Logged in" : tag + " NO [AUTHENTICATIONFAILED] Authentication failed");
    }
}
