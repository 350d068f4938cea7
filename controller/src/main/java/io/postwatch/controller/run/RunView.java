package io.postwatch.controller.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AddressText;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run as the API shows it, whether stored or of a monitor test. Times in milliseconds with three decimals. */
@Schema(name = "Result")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunView(
        String id,
        @Nullable UUID monitorId,
        UUID locationId,

        @Schema(
                description = "Over which the run was asked to go",
                allowableValues = {"any", "ipv4", "ipv6"})
        String addressFamily,

        @Nullable UUID agentId,
        Instant scheduledAt,
        Instant startedAt,
        boolean triggered,
        Status status,
        @Nullable FailureView failure,
        List<PhaseView> phases,
        double totalMillis,
        @Nullable String remoteAddress,
        List<String> resolved,

        @Schema(description = "The names that the host leads to (CNAME), in order") @Nullable
        List<String> aliases,

        @Schema(description = "Who told the addresses: a server of names, or a file of the agent's host") @Nullable
        String resolver,

        List<AttemptView> attempts,
        @Nullable TlsFindings tls,
        @Nullable ChainView certificate,
        @Nullable String greeting,
        List<String> capabilities,
        @Nullable String authMechanism,
        @Nullable List<LineView> transcript,
        @Nullable Long discardedBytes,
        boolean hasTranscript,
        String sentence) {

    /** Where a run belongs: its id in the API, and who ran it where. A monitor test of an unsaved monitor has no monitor. */
    public record Origin(
            String id,
            @Nullable MonitorId monitor,
            LocationId location,
            AddressFamily target,
            @Nullable AgentId agent) {}

    /**
     * Shows a run in full.
     *
     * @param known the certificates whose DER is known; those of the chain that are not are left out of it
     */
    public static RunView of(Origin origin, RunRecord run, Map<Fingerprint, CertificateView> known) {
        Transcript transcript = run.transcript();
        return new RunView(
                origin.id(),
                origin.monitor() == null ? null : origin.monitor().value(),
                origin.location().value(),
                origin.target().code(),
                origin.agent() == null ? null : origin.agent().value(),
                run.scheduledAt(),
                run.startedAt(),
                run.triggered(),
                run.status(),
                run.failure() == null ? null : FailureView.of(run.failure()),
                run.phases().stream().map(PhaseView::of).toList(),
                millis(run.total()),
                run.network().remoteAddress() == null
                        ? null
                        : AddressText.of(run.network().remoteAddress()),
                run.network().resolved().stream().map(AddressText::of).toList(),
                run.network().aliases().isEmpty() ? null : run.network().aliases(),
                run.network().resolver(),
                run.network().attempts().stream().map(AttemptView::of).toList(),
                run.tls(),
                run.certificate() == null ? null : ChainView.of(run.certificate(), known),
                run.greeting().isEmpty() ? null : run.greeting(),
                run.capabilities(),
                run.authMechanism() == null ? null : run.authMechanism().code(),
                transcript == null
                        ? null
                        : transcript.lines().stream().map(LineView::of).toList(),
                transcript == null ? null : transcript.discardedBytes(),
                transcript != null,
                RunSentence.of(run));
    }

    /** The same for a list: says whether there is a transcript but leaves it out. */
    public RunView withoutTranscript(boolean stored) {
        return new RunView(
                id,
                monitorId,
                locationId,
                addressFamily,
                agentId,
                scheduledAt,
                startedAt,
                triggered,
                status,
                failure,
                phases,
                totalMillis,
                remoteAddress,
                resolved,
                aliases,
                resolver,
                attempts,
                tls,
                certificate,
                greeting,
                capabilities,
                authMechanism,
                null,
                null,
                stored,
                sentence);
    }

    /** Milliseconds with three decimals. */
    public static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    /** Why a run was not OK. */
    @Schema(name = "Failure")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FailureView(
            String category,
            String code,
            @Nullable String phase,

            @Schema(allowableValues = {"target", "network", "settings", "agent"})
            String fault,

            String message,
            @Nullable String serverReply) {
        public static FailureView of(RunFailure failure) {
            FailureCode code = failure.code();
            return new FailureView(
                    lower(code.category()),
                    code.code(),
                    failure.phase() == null ? null : failure.phase().code(),
                    lower(code.fault()),
                    failure.message().isBlank() ? RunSentence.headline(code) : failure.message(),
                    failure.serverReply().isEmpty() ? null : failure.serverReply());
        }
    }

    /** A phase; the same name may occur twice. */
    @Schema(name = "PhaseTiming")
    public record PhaseView(String name, double startMillis, double durationMillis) {
        static PhaseView of(PhaseTiming phase) {
            return new PhaseView(phase.phase().code(), millis(phase.start()), millis(phase.duration()));
        }
    }

    /** One try to connect. */
    @Schema(name = "ConnectAttempt")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AttemptView(
            String address,
            double startMillis,
            double durationMillis,
            @Nullable String failureCode) {
        static AttemptView of(ConnectAttempt attempt) {
            InetAddress address = attempt.address();
            FailureCode failure = attempt.failure();
            return new AttemptView(
                    AddressText.of(address),
                    millis(attempt.start()),
                    millis(attempt.duration()),
                    failure == null ? null : failure.code());
        }
    }

    /** The chain a server presented. */
    @Schema(name = "CertificateFindings")
    public record ChainView(
            int daysLeft,
            Instant notAfter,
            List<String> fingerprints,
            List<CertificateView> chain,
            List<VerdictView> verdicts) {
        static ChainView of(ChainFindings findings, Map<Fingerprint, CertificateView> known) {
            return new ChainView(
                    findings.daysLeft(),
                    findings.notAfter(),
                    findings.chain().stream().map(Fingerprint::hex).toList(),
                    findings.chain().stream()
                            .map(known::get)
                            .filter(Objects::nonNull)
                            .toList(),
                    findings.verdicts().stream()
                            .map(v -> new VerdictView(v.code().code(), v.position(), v.message()))
                            .toList());
        }
    }

    /** One thing that is wrong with a chain. */
    @Schema(name = "CertificateVerdict")
    public record VerdictView(String code, int position, String message) {}

    /** A line of the dialogue. */
    @Schema(name = "TranscriptLine")
    public record LineView(
            double atMillis,

            @Schema(allowableValues = {"client", "server", "note"})
            String direction,

            String text) {
        static LineView of(TranscriptLine line) {
            return new LineView(millis(line.at()), lower(line.direction()), line.text());
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
