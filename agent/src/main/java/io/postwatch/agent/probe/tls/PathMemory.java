package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.certificate.Fingerprint;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which path of trust was found for each target, so that a chain that stays as it is costs its signatures once and not
 * with every run. What is known holds for these very certificates, sent in this order, for these very authorities, and
 * only in the span of time in which no date changes anything. Everything else about a chain is judged at each run.
 *
 * <p>A target has one place, whatever it shows: a server that shows another chain each time forgets its own and nobody
 * else's. Takes at most {@value #MAX_BYTES} bytes; of the targets those go first that were not asked about for longest.
 * Any thread may call it.
 */
final class PathMemory {

    static final int MAX_BYTES = 4 * 1024 * 1024;

    /** Of a heap with compressed pointers: maps, records and lists; a fingerprint with its string. */
    private static final int ENTRY_BYTES = 320;

    private static final int FINGERPRINT_BYTES = 128;

    /**
     * Whom a chain is to convince.
     *
     * @param anchors authorities that are trusted besides the agent's own
     */
    record Question(Target target, List<Fingerprint> anchors) {

        Question {
            anchors = List.copyOf(anchors);
        }
    }

    /**
     * The moments between which no certificate begins or ends to be valid.
     *
     * @param from exclusive
     * @param until exclusive
     */
    record Span(Instant from, Instant until) {

        /** In which nothing is known for certain. */
        static final Span NONE = new Span(Instant.MAX, Instant.MIN);

        boolean holds(Instant moment) {
            return moment.isAfter(from) && moment.isBefore(until);
        }
    }

    /** The path as positions in what was sent: certificates are large, and the next run has them anyway. */
    private record Answer(List<Fingerprint> sent, Span span, List<Integer> path, List<CertificateVerdict> verdicts) {

        int bytes(Question question) {
            int text = verdicts.stream()
                    .mapToInt(verdict -> 2 * verdict.message().length())
                    .sum();
            return ENTRY_BYTES
                    + FINGERPRINT_BYTES * (sent.size() + question.anchors().size())
                    + text;
        }
    }

    private final Map<Question, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** What was found for this chain, told in its certificates; empty where it has to be looked for. */
    Optional<TrustPath.Outcome> recall(
            Question question, List<Fingerprint> shown, List<X509Certificate> sent, Instant now) {
        Answer answer;
        synchronized (answers) {
            answer = answers.get(question);
        }
        if (answer == null || !answer.span().holds(now) || !answer.sent().equals(shown)) {
            return Optional.empty();
        }
        List<X509Certificate> path = answer.path().stream().map(sent::get).toList();
        return Optional.of(new TrustPath.Outcome(path, answer.verdicts()));
    }

    /** Replaces what was known of the target. */
    void keep(
            Question question,
            List<Fingerprint> shown,
            List<X509Certificate> sent,
            Span span,
            TrustPath.Outcome outcome) {
        List<Integer> path = outcome.path().stream().map(sent::indexOf).toList();
        Answer answer = new Answer(List.copyOf(shown), span, path, List.copyOf(outcome.verdicts()));
        synchronized (answers) {
            Answer before = answers.put(question, answer);
            bytes += answer.bytes(question) - (before == null ? 0 : before.bytes(question));
            Iterator<Map.Entry<Question, Answer>> eldest = answers.entrySet().iterator();
            while (bytes > MAX_BYTES) {
                Map.Entry<Question, Answer> gone = eldest.next();
                bytes -= gone.getValue().bytes(gone.getKey());
                eldest.remove();
            }
        }
    }

    /** How much of its room is taken. */
    long bytes() {
        synchronized (answers) {
            return bytes;
        }
    }
}
