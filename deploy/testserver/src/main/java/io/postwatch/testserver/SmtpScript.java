package io.postwatch.testserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The script of an SMTP server. It never takes a message: DATA is refused. */
public final class SmtpScript extends Script<SmtpScript> {

    private static final String NAME = "mail.test";

    private @Nullable List<String> recipients;
    private int timesGreylisted;
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

    SmtpScript() {}

    /** The only recipients it knows; any, if not told. */
    public SmtpScript recipients(String... known) {
        recipients = List.of(known);
        return this;
    }

    /** It knows a recipient only when asked for it once more after so many times, over all connections. */
    public SmtpScript greylisting(int times) {
        timesGreylisted = times;
        return this;
    }

    @Override
    SmtpScript self() {
        return this;
    }

    @Override
    Reply usualGreeting(Session session) {
        return Reply.lines("220 " + NAME + " ESMTP");
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
            case "EHLO" -> session.send(extensions(session));
            case "HELO" -> session.send("250 " + NAME);
            case "STARTTLS" -> startTls(session);
            case "AUTH" -> authenticate(session, line);
            case "MAIL" -> mail(session, line);
            case "RCPT" -> recipient(session, line);
            case "RSET" -> {
                session.inTransaction(false);
                session.send("250 2.0.0 OK");
            }
            case "DATA" -> session.send("554 5.7.1 No message is taken here");
            case "NOOP" -> session.send("250 2.0.0 OK");
            case "QUIT" -> {
                session.send("221 2.0.0 Bye");
                return false;
            }
            default -> session.send("502 5.5.2 Command not recognized");
        }
        return true;
    }

    private String[] extensions(Session session) {
        List<String> names = new ArrayList<>(List.of(NAME, "PIPELINING", "SIZE 10240000"));
        if (offersLogin(session) && !mechanismsOffered().isEmpty()) {
            names.add("AUTH " + String.join(" ", mechanismsOffered()));
        }
        names.add("8BITMIME");
        if (offersStartTls(session)) {
            names.add("STARTTLS");
        }
        String[] lines = new String[names.size()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = (i == lines.length - 1 ? "250 " : "250-") + names.get(i);
        }
        return lines;
    }

    private void startTls(Session session) throws IOException {
        if (!offersStartTls(session)) {
            session.send("502 5.5.1 Not offered");
            return;
        }
        session.send("220 2.0.0 Ready to start TLS");
        session.startTls();
    }

    private void authenticate(Session session, String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (!offersLogin(session)) {
            session.send("530 5.7.0 Must issue a STARTTLS command first");
            return;
        }
        if (session.isLoggedIn()) {
            session.send("503 5.5.1 Already authenticated");
            return;
        }
        String mechanism = words.length > 1 ? words[1] : "";
        String initial = words.length > 2 ? words[2] : null;
        session.send(
                switch (authenticate(session, mechanism, initial, "334 ")) {
                    case ACCEPTED -> "235 2.7.0 Authentication successful";
                    case REFUSED -> "535 5.7.8 Authentication credentials invalid";
                    case CANCELLED -> "501 5.7.0 Authentication cancelled";
                    case MALFORMED -> "501 5.5.2 Cannot read this response";
                    case NOT_OFFERED -> "504 5.5.4 Unrecognized authentication type";
                });
    }

    private static void mail(Session session, String line) throws IOException {
        if (session.isInTransaction()) {
            session.send("503 5.5.1 Sender already given");
        } else if (address(line, "FROM:") == null) {
            session.send("501 5.5.4 Syntax: MAIL FROM:<address>");
        } else {
            session.inTransaction(true);
            session.send("250 2.1.0 Sender OK");
        }
    }

    private void recipient(Session session, String line) throws IOException {
        String address = address(line, "TO:");
        if (!session.isInTransaction()) {
            session.send("503 5.5.1 MAIL first");
        } else if (address == null || address.isEmpty()) {
            session.send("501 5.5.4 Syntax: RCPT TO:<address>");
        } else if (recipients != null && !recipients.contains(address)) {
            session.send("550 5.1.1 No such recipient");
        } else if (attempts.merge(address, 1, Integer::sum) <= timesGreylisted) {
            session.send("450 4.2.0 Greylisted, try again later");
        } else {
            session.send("250 2.1.5 Recipient OK");
        }
    }

    /** What stands between the angle brackets; null where the command has another form. */
    private static @Nullable String address(String line, String keyword) {
        String rest = line.length() > 5 ? line.substring(5) : "";
        int end = rest.indexOf('>');
        boolean formed = rest.regionMatches(true, 0, keyword + "<", 0, keyword.length() + 1) && end >= 0;
        return formed ? rest.substring(keyword.length() + 1, end) : null;
    }
}
