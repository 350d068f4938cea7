package io.postwatch.testserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The script of an IMAP server. */
public final class ImapScript extends Script<ImapScript> {

    private List<String> capabilities = List.of("IMAP4rev1", "SASL-IR", "IDLE");
    private List<String> folders = List.of("INBOX");
    private boolean loginCommand = true;
    private boolean capabilityInGreeting;

    ImapScript() {}

    /** What it says it can do, besides STARTTLS and the ways to log in. Without SASL-IR it refuses initial responses. */
    public ImapScript capabilities(String... told) {
        capabilities = List.of(told);
        return this;
    }

    /** The LOGIN command is not to be used. */
    public ImapScript loginDisabled() {
        loginCommand = false;
        return this;
    }

    /** The greeting tells the capabilities. */
    public ImapScript capabilityInGreeting() {
        capabilityInGreeting = true;
        return this;
    }

    /** The folders that can be selected; INBOX alone, if not told. */
    public ImapScript folders(String... present) {
        folders = List.of(present);
        return this;
    }

    @Override
    ImapScript self() {
        return this;
    }

    @Override
    Reply usualGreeting(Session session) {
        String code = capabilityInGreeting ? "[CAPABILITY " + String.join(" ", capabilitiesIn(session)) + "] " : "";
        return Reply.lines("* OK " + code + "IMAP4rev1 ready");
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
            case "SELECT" -> open(session, tag, line, "READ-WRITE");
            case "EXAMINE" -> open(session, tag, line, "READ-ONLY");
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
            mechanismsOffered().forEach(mechanism -> all.add("AUTH=" + mechanism));
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
        String mechanism = words.length > 2 ? words[2] : "";
        String initial = words.length > 3 ? words[3] : null;
        if (initial != null && capabilities.stream().noneMatch("SASL-IR"::equalsIgnoreCase)) {
            session.send(tag + " BAD No initial response here");
            return;
        }
        LoginOutcome outcome =
                offersLogin(session) ? authenticate(session, mechanism, initial, "+ ") : LoginOutcome.NOT_OFFERED;
        session.send(tag + " " + said(outcome));
    }

    private void logIn(Session session, String tag, String line) throws IOException {
        if (!offersLogin(session) || !loginCommand) {
            session.send(tag + " NO [PRIVACYREQUIRED] Plaintext authentication disallowed");
            return;
        }
        List<String> given = ImapArguments.of(session, line);
        boolean accepted = given.size() == 2 && accepts(given.get(0), given.get(1));
        session.send(tag + " " + said(session.loggedIn(accepted)));
    }

    private static String said(LoginOutcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> "OK Logged in";
            case REFUSED -> "NO [AUTHENTICATIONFAILED] Authentication failed";
            case CANCELLED -> "BAD Authentication cancelled";
            case MALFORMED -> "BAD Cannot read this response";
            case NOT_OFFERED -> "NO Mechanism not offered";
        };
    }

    private void open(Session session, String tag, String line, String access) throws IOException {
        List<String> given = ImapArguments.of(session, line);
        String folder = given.size() == 1 ? given.getFirst() : "";
        if (!session.isLoggedIn()) {
            session.send(tag + " BAD Log in first");
        } else if (!folders.contains(folder)) {
            session.send(tag + " NO [NONEXISTENT] No such folder");
        } else {
            session.send(
                    "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
                    "* 3 EXISTS",
                    "* 0 RECENT",
                    "* OK [UIDVALIDITY 1] UIDs valid",
                    "* OK [UIDNEXT 4] Predicted next UID",
                    tag + " OK [" + access + "] Folder opened");
        }
    }
}
