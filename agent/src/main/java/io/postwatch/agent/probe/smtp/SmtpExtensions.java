package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.sasl.MechanismOffer;
import java.util.List;
import java.util.Locale;

/**
 * What a server offers in its reply to EHLO. Keywords come in any case and any order.
 *
 * @param lines as sent, one extension with its parameters each
 */
record SmtpExtensions(List<String> lines) {

    static final SmtpExtensions NONE = new SmtpExtensions(List.of());

    SmtpExtensions {
        lines = List.copyOf(lines);
    }

    /** The first line of the reply is the server's name. */
    static SmtpExtensions of(SmtpReply reply) {
        return new SmtpExtensions(reply.texts().stream()
                .skip(1)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList());
    }

    boolean offers(String keyword) {
        return lines.stream().anyMatch(line -> keyword.equals(words(line).getFirst()));
    }

    /** {@code AUTH=PLAIN} is how old servers wrote it. */
    MechanismOffer mechanisms() {
        return new MechanismOffer(lines.stream()
                .map(line -> words(line.replaceFirst("(?i)^AUTH=", "AUTH ")))
                .filter(words -> words.getFirst().equals("AUTH"))
                .flatMap(words -> words.stream().skip(1))
                .toList());
    }

    private static List<String> words(String line) {
        return List.of(line.strip().toUpperCase(Locale.ROOT).split("[ \\t]+"));
    }
}
