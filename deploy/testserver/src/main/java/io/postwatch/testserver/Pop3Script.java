package io.postwatch.testserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The script of a POP3 server (RFC 1939, 2449, 2595, 5034). Its maildrop is empty. */
public final class Pop3Script extends Script<Pop3Script> {

    private List<String> capabilities = List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "UTF8");
    private boolean userCommand = true;
    private boolean apop;

    Pop3Script() {}

    /** What it says it can do, besides STLS and the ways to log in. */
    public Pop3Script capabilities(String... told) {
        capabilities = List.of(told);
        return this;
    }

    /** The greeting has the timestamp that APOP needs. */
    public Pop3Script apop() {
        apop = true;
        return this;
    }

    /** USER and PASS are not to be used. */
    public Pop3Script userDisabled() {
        userCommand = false;
        return this;
    }

    @Override
    Pop3Script self() {
        return this;
    }

    @Override
    Reply usualGreeting(Session session) {
        return Reply.lines("+OK POP3 ready" + (apop ? " " + timestamp(session) : ""));
    }

    @Override
    String tagOf(String line) {
        return "";
    }

    @Override
    String verbOf(String line) {
        return line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    }

    @Override
    boolean answer(Session session, String verb, String line) throws IOException {
        switch (verb) {
            case "CAPA" -> session.send(listing("+OK Capability list follows", capabilitiesIn(session)));
            case "STLS" -> startTls(session);
            case "USER" -> user(session, line);
            case "PASS" -> password(session, line);
            case "APOP" -> digest(session, line);
            case "AUTH" -> authenticate(session, line);
            case "STAT" -> session.send(session.isLoggedIn() ? "+OK 0 0" : "-ERR Log in first");
            case "NOOP" -> session.send(session.isLoggedIn() ? "+OK" : "-ERR Log in first");
            case "UTF8" -> session.send(capabilities.contains("UTF8") ? "+OK UTF8 enabled" : "-ERR Command unknown");
            case "QUIT" -> {
                session.send("+OK Bye");
                return false;
            }
            default -> session.send("-ERR Command unknown");
        }
        return true;
    }

    /** A reply of several lines, with a dot before each that begins with one, and a dot alone at the end. */
    private static String[] listing(String first, List<String> lines) {
        Stream<String> stuffed = lines.stream().map(line -> line.startsWith(".") ? "." + line : line);
        return Stream.of(Stream.of(first), stuffed, Stream.of("."))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    private List<String> capabilitiesIn(Session session) {
        List<String> all = new ArrayList<>(capabilities);
        if (offersStartTls(session)) {
            all.add("STLS");
        }
        if (offersLogin(session) && userCommand) {
            all.add("USER");
        }
        if (offersLogin(session) && !mechanismsOffered().isEmpty()) {
            all.add("SASL " + String.join(" ", mechanismsOffered()));
        }
        return all;
    }

    private void startTls(Session session) throws IOException {
        if (!offersStartTls(session)) {
            session.send("-ERR Not offered");
            return;
        }
        session.send("+OK Begin TLS negotiation");
        session.startTls();
    }

    private void user(Session session, String line) throws IOException {
        if (isRefusing(session)) {
            return;
        }
        session.user(argument(line));
        session.send("+OK Send the password");
    }

    private void password(Session session, String line) throws IOException {
        if (isRefusing(session)) {
            return;
        }
        if (session.user().isEmpty()) {
            session.send("-ERR USER first");
            return;
        }
        boolean accepted = accepts(session.user(), argument(line));
        session.user("");
        session.send(said(session.loggedIn(accepted)));
    }

    private boolean isRefusing(Session session) throws IOException {
        if (!offersLogin(session)) {
            session.send("-ERR [AUTH] No login without TLS");
        } else if (!userCommand) {
            session.send("-ERR Command disabled");
        } else {
            return false;
        }
        return true;
    }

    private void digest(Session session, String line) throws IOException {
        String given = argument(line);
        int space = given.lastIndexOf(' ');
        if (!apop || !offersLogin(session) || space < 0) {
            session.send("-ERR Command unknown");
            return;
        }
        boolean accepted = acceptsApop(given.substring(0, space), timestamp(session), given.substring(space + 1));
        session.send(said(session.loggedIn(accepted)));
    }

    private void authenticate(Session session, String line) throws IOException {
        String[] words = line.split(" ", 3);
        String mechanism = words.length > 1 ? words[1] : "";
        String initial = words.length > 2 ? words[2] : null;
        LoginOutcome outcome =
                offersLogin(session) ? authenticate(session, mechanism, initial, "+ ") : LoginOutcome.NOT_OFFERED;
        session.send(said(outcome));
    }

    private static String said(LoginOutcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> "+OK Logged in";
            case REFUSED -> "-ERR [AUTH] Authentication failed";
            case CANCELLED -> "-ERR Authentication cancelled";
            case MALFORMED -> "-ERR Cannot read this response";
            case NOT_OFFERED -> "-ERR Mechanism not offered";
        };
    }

    private static String argument(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? "" : line.substring(space + 1);
    }

    /** Another one in each connection, as RFC 1939 demands. */
    private static String timestamp(Session session) {
        return "<1896." + session.number() + "@mail.test>";
    }
}
