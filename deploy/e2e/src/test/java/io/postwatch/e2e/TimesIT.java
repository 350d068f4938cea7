package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.aPop3Monitor;
import static io.postwatch.e2e.MonitorBody.anImapMonitor;
import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.POP3;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSION;
import static io.postwatch.e2e.RealMailServers.USERNAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.e2e.DelayingRelay.Passed;
import io.postwatch.e2e.RealMailServers.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The times of a run are those that somebody on the line sees. A relay before a real server lets every answer wait, and
 * notes when bytes pass; each phase must last as long as its notes say, within ten percent.
 *
 * <p>The wait makes that a question of where phases begin and end, not of how fast this machine is. A machine that has
 * much else to do may still hold one of the two up between the bytes and the clock: so of a few runs one must agree in
 * all its phases, and what is counted wrongly never does.
 */
@NeedsDebianPackages
@ExtendWith(SharedPlatform.class)
@Tag("alone")
final class TimesIT {
    private static final Duration DELAY = Duration.ofMillis(300);
    private static final double TOLERANCE = 0.1;
    private static final int RUNS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RealMailServers servers;
    private final Monitors monitors;

    TimesIT(RealMailServers servers, Monitors monitors) {
        this.servers = servers;
        this.monitors = monitors;
    }

    @Test
    void submissionWithStarttlsAndLogin() {
        assertAgreement(
                SUBMISSION,
                anSmtpMonitor("starttls").withLogin(USERNAME, servers.password(), "PLAIN"),
                List.of("greeting", "capability", "starttls", "tls", "capability", "auth", "quit"));
    }

    @Test
    void smtpWithStarttlsAndTheTestOfARecipient() {
        assertAgreement(
                EXIM,
                anSmtpMonitor("starttls").with("recipient", USERNAME),
                List.of("greeting", "capability", "starttls", "tls", "capability", "mail", "rcpt", "quit"));
    }

    @Test
    void imapsWithLoginAndFolder() {
        assertAgreement(
                IMAPS,
                anImapMonitor("tls")
                        .withLogin(USERNAME, servers.password(), "PLAIN")
                        .with("folder", "INBOX"),
                List.of("tls", "greeting", "capability", "auth", "select", "quit"));
    }

    @Test
    void pop3WithStarttlsAndLogin() {
        assertAgreement(
                POP3,
                aPop3Monitor("starttls").withLogin(USERNAME, servers.password(), "PLAIN"),
                List.of("greeting", "capability", "starttls", "tls", "capability", "auth", "quit"));
    }

    private void assertAgreement(Listener listener, MonitorBody monitor, List<String> phases) {
        List<String> disagreements = new ArrayList<>();
        try (DelayingRelay relay = DelayingRelay.before(listener.host(), servers.port(listener), DELAY)) {
            monitor.named("times of " + listener).target("127.0.0.1", relay.port());
            for (int i = 0; i < RUNS; i++) {
                String id = monitors.save(monitor);
                Run run = monitors.awaitRun(id, PATIENCE, any -> true);
                monitors.delete(id);
                assertThat(run.status()).as(run.sentence()).isEqualTo("OK");
                List<Phase> told = longPhases(run);
                assertThat(told).extracting(Phase::name).isEqualTo(phases);
                String disagreement = disagreement(told, Moment.of(relay.lines().getLast()));
                if (disagreement.isEmpty()) {
                    return;
                }
                disagreements.add(disagreement);
            }
        }
        throw new AssertionError("in no run the times agree: " + String.join("\n", disagreements));
    }

    private record Phase(String name, double millis) {}

    /** The phases that waited for the server. */
    private static List<Phase> longPhases(Run run) {
        List<Phase> phases = new ArrayList<>();
        for (JsonNode phase : run.json().path("phases")) {
            double millis = phase.path("durationMillis").asDouble();
            if (millis >= DELAY.toMillis() / 2.0) {
                phases.add(new Phase(phase.path("name").asString(""), millis));
            }
        }
        return phases;
    }

    /**
     * When an answer was complete, and what the client said to it was, too. Between two of these somebody waits.
     *
     * @param server of the last byte of the answer
     * @param client of the last byte of what the client then said
     */
    private record Moment(long server, long client) {

        /** The first one is the beginning of the connection. */
        static List<Moment> of(DelayingRelay.Line line) {
            List<Moment> moments = new ArrayList<>();
            Moment now = new Moment(line.acceptedNanos(), line.acceptedNanos());
            long last = line.acceptedNanos();
            for (Passed passed : line.passed()) {
                if (passed.atNanos() - last > DELAY.toNanos() / 2) {
                    moments.add(now);
                    now = new Moment(passed.atNanos(), passed.atNanos());
                }
                last = passed.atNanos();
                now = passed.fromServer() ? new Moment(last, last) : new Moment(now.server, last);
            }
            moments.add(now);
            return moments;
        }
    }

    /**
     * Compares each phase with the time between two moments; empty where all agree. A handshake ends with the client's
     * word, all else with the server's; the good-bye with its last one, since the test of a recipient is taken back first.
     */
    private static String disagreement(List<Phase> phases, List<Moment> moments) {
        int answers = moments.size() - 1;
        if (answers < phases.size() || answers > phases.size() + 1) {
            return phases + " but the relay saw " + answers + " answers";
        }
        StringBuilder found = new StringBuilder();
        long begin = moments.getFirst().server();
        for (int i = 0; i < phases.size(); i++) {
            Phase phase = phases.get(i);
            Moment moment = i + 1 < phases.size() ? moments.get(i + 1) : moments.getLast();
            long end = phase.name().equals("tls") ? moment.client() : moment.server();
            double seen = (end - begin) / 1e6;
            if (Math.abs(phase.millis() - seen) > TOLERANCE * seen) {
                found.append("%s %.1f ms, the relay saw %.1f ms; ".formatted(phase.name(), phase.millis(), seen));
            }
            begin = end;
        }
        return found.toString();
    }
}
