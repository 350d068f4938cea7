package io.postwatch.testserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The script of an SMTP server. */
public final class SmtpScript extends Script<SmtpScript> {

    private static final String NAME = "mail.test";

    private List<String> mechanisms = List.of("PLAIN", "LOGIN");

    SmtpScript() {}

    /** The mechanisms offered where a login is offered at all. */
    public SmtpScript mechanisms(String... offered) {
        mechanisms = List.of(offered);
        return this;
    }

    @Override
    SmtpScript self() {
        return this;
    }

    @Override
    Reply usualGreeting() {
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
            case "NOOP", "RSET" -> session.send("250 2.0.0 OK");
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
        if (offersLogin(session)) {
            names.add("AUTH " + String.join(" ", mechanisms));
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
        String mechanism = words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
        if (!offersLogin(session)) {
            session.send("530 5.7.0 Must issue a STARTTLS command first");
        } else if (!mechanisms.contains(mechanism)) {
            session.send("504 5.5.4 Unrecognized authentication type");
        } else if (mechanism.equals("PLAIN")) {
            String response = words.length > 2 ? words[2] : ask(session, "334 ");
            judge(session, response != null && SaslPlain.isAccepted(this, response));
        } else {
            String user = words.length > 2 ? words[2] : ask(session, "334 VXNlcm5hbWU6");
            String secret = ask(session, "334 UGFzc3dvcmQ6");
            judge(
                    session,
                    user != null && secret != null && accepts(SaslPlain.decoded(user), SaslPlain.decoded(secret)));
        }
    }

    private static @Nullable String ask(Session session, String prompt) throws IOException {
        session.send(prompt);
        return session.readLine();
    }

    private static void judge(Session session, boolean accepted) throws IOException {
        session.send(accepted ? "235 2.7.0 Authentication successful" : "535 5.7.8 Authentication credentials invalid");
    }
}
