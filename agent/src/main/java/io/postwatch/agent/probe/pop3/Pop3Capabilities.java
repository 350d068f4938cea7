package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.sasl.MechanismOffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a server says it can do (RFC 2449). Keywords come in any case and any order.
 *
 * @param told false where the server doesn't know CAPA: it may be able to do more than nothing
 * @param lines as sent, one capability with its parameters each
 */
record Pop3Capabilities(boolean told, List<String> lines) {

    /** Of a server that was not asked, or doesn't know the question. */
    static final Pop3Capabilities UNKNOWN = new Pop3Capabilities(false, List.of());

    Pop3Capabilities {
        lines = lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    boolean has(String keyword) {
        return lines.stream().anyMatch(line -> words(line).getFirst().equals(keyword));
    }

    MechanismOffer mechanisms() {
        return new MechanismOffer(lines.stream()
                .map(Pop3Capabilities::words)
                .filter(words -> words.getFirst().equals("SASL"))
                .flatMap(words -> words.stream().skip(1))
                .toList());
    }

    private static List<String> words(String line) {
        return Stream.of(line.toUpperCase(Locale.ROOT).split("[ \\t]+")).toList();
    }
}
