package io.postwatch.bench.hostile;

import io.postwatch.agent.probe.Security;
import java.util.Locale;

/**
 * A server to probe, in a form that goes from process to process.
 *
 * @param name of what it does
 * @param endless whether nothing but the run's deadline ends a run against it
 */
record Aim(String name, Protocol protocol, Security security, int port, boolean endless) {

    enum Protocol {
        SMTP,
        IMAP,
        POP3
    }

    static final String GOOD = "good";

    boolean isGood() {
        return name.equals(GOOD);
    }

    String line() {
        return String.join(" ", name, protocol.name(), security.name(), Integer.toString(port), "" + endless);
    }

    static Aim of(String line) {
        String[] words = line.split(" ", -1);
        return new Aim(
                words[0].toLowerCase(Locale.ROOT),
                Protocol.valueOf(words[1]),
                Security.valueOf(words[2]),
                Integer.parseInt(words[3]),
                Boolean.parseBoolean(words[4]));
    }
}
