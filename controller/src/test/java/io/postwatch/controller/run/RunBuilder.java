package io.postwatch.controller.run;

import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Direction;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.RunId;
import io.postwatch.controller.shared.id.SeriesId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes records of runs for tests: a good one with TLS and login unless said otherwise. */
public final class RunBuilder {
    private @Nullable SeriesId series = new SeriesId(1);
    private RunId id = new RunId(UUID.fromString("00000000-0000-4000-8000-000000000001"));
    private Instant scheduledAt = Instant.parse("2026-03-04T05:06:07Z");
    private Duration total = Duration.ofMillis(184);
    private Status status = Status.OK;
    private @Nullable RunFailure failure;
    private List<PhaseTiming> phases = List.of(
            phase(Phase.RESOLVE, 0, 5),
            phase(Phase.CONNECT, 5, 20),
            phase(Phase.TLS, 25, 60),
            phase(Phase.GREETING, 85, 30),
            phase(Phase.AUTH, 115, 60),
            phase(Phase.QUIT, 175, 9));
    private @Nullable ChainFindings certificate;
    private @Nullable Transcript transcript;
    private boolean triggered;
    private boolean clockSuspect;
    private boolean withNetwork = true;

    public static RunBuilder aRun() {
        return new RunBuilder();
    }

    public RunBuilder of(SeriesId series) {
        this.series = series;
        return this;
    }

    public RunBuilder withoutSeries() {
        this.series = null;
        return this;
    }

    public RunBuilder id(UUID id) {
        this.id = new RunId(id);
        return this;
    }

    public RunBuilder at(Instant scheduledAt) {
        this.scheduledAt = scheduledAt;
        return this;
    }

    public RunBuilder taking(Duration total) {
        this.total = total;
        return this;
    }

    public RunBuilder failing(Status status, FailureCode code, @Nullable Phase phase, String message, String reply) {
        this.status = status;
        this.failure = new RunFailure(code, phase, message, reply);
        return this;
    }

    public RunBuilder failing(FailureCode code) {
        return switch (code.category()) {
            case AGENT, POLICY -> {
                withNetwork = false;
                phases = List.of();
                yield failing(Status.NO_DATA, code, null, "", "");
            }
            default ->
                failing(
                        Status.ERROR,
                        code,
                        phases.isEmpty() ? null : phases.getLast().phase(),
                        "",
                        "");
        };
    }

    public RunBuilder warning(FailureCode code) {
        return failing(Status.WARNING, code, null, "", "");
    }

    public RunBuilder refusedLogin() {
        phases = List.of(phase(Phase.CONNECT, 0, 20), phase(Phase.AUTH, 20, 2_000));
        return failing(
                Status.ERROR,
                FailureCode.LOGIN_REFUSED,
                Phase.AUTH,
                "The server refused the login",
                "535 5.7.8 authentication failed");
    }

    public RunBuilder withoutLogin() {
        phases = phases.stream().filter(p -> p.phase() != Phase.AUTH).toList();
        return this;
    }

    public RunBuilder clockSuspect() {
        clockSuspect = true;
        return this;
    }

    public RunBuilder triggered() {
        triggered = true;
        return this;
    }

    public RunBuilder transcript(String... lines) {
        List<TranscriptLine> all = new ArrayList<>();
        for (String line : lines) {
            all.add(new TranscriptLine(Duration.ofMillis(10L * all.size()), Direction.SERVER, line));
        }
        transcript = new Transcript(all, 17);
        return this;
    }

    public RunBuilder chain(int daysLeft, Fingerprint... fingerprints) {
        certificate = new ChainFindings(
                List.of(fingerprints),
                List.of(new CertificateVerdict(FailureCode.EXPIRES_SOON, 0, "Expires soon")),
                scheduledAt.plus(Duration.ofDays(daysLeft)),
                daysLeft);
        return this;
    }

    public RunRecord build() {
        InetAddress address = InetAddress.ofLiteral("2001:db8::25");
        NetworkFindings network = withNetwork
                ? new NetworkFindings(
                        List.of(InetAddress.ofLiteral("192.0.2.25"), address),
                        List.of(
                                new ConnectAttempt(
                                        InetAddress.ofLiteral("192.0.2.25"),
                                        Duration.ofMillis(5),
                                        Duration.ofMillis(7),
                                        FailureCode.CONNECTION_REFUSED),
                                new ConnectAttempt(address, Duration.ofMillis(12), Duration.ofMillis(13), null)),
                        address,
                        993,
                        List.of("mail.example.org", "mx.example.net"),
                        "192.0.2.53")
                : new NetworkFindings(List.of(), List.of(), null, 0, List.of(), null);
        return new RunRecord(
                series,
                3,
                id,
                scheduledAt,
                scheduledAt.plusMillis(2),
                total,
                status,
                failure,
                phases,
                network,
                withNetwork ? new TlsFindings("TLSv1.3", "TLS_AES_256_GCM_SHA384") : null,
                certificate,
                withNetwork ? "* OK ready" : "",
                withNetwork ? List.of("IMAP4rev1", "AUTH=PLAIN") : List.of(),
                withNetwork ? AuthMechanism.PLAIN : null,
                transcript,
                clockSuspect,
                triggered);
    }

    private static PhaseTiming phase(Phase phase, long start, long duration) {
        return new PhaseTiming(phase, Duration.ofMillis(start), Duration.ofMillis(duration));
    }
}
