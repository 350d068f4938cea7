package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.enrolment.CertificateSlots.HeldCertificate;
import io.postwatch.controller.enrolment.CloneSign;
import io.postwatch.controller.enrolment.IdentityKey;
import io.postwatch.controller.enrolment.Lockout;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who is let in, as a pure function of what an agent says and proves, and of what is stored of it. */
final class HelloJudgement {
    private static final int SEALING_KEY_BYTES = 32;
    private static final int BOOT_ID_BYTES = 16;

    private HelloJudgement() {}

    /** What is to be done. */
    sealed interface Verdict {
        /** {@code promote}: it has the certificate of the second slot. */
        record LetIn(boolean promote, BootHistory boots) implements Verdict {}

        record Refuse(Admission.Reason reason, String message) implements Verdict {}

        /** Not signed by the key that this agent has now. */
        record Unproven() implements Verdict {}

        /** There are two copies of it. */
        record Copies(CloneSign sign) implements Verdict {}
    }

    /** The session that stands, or stood last: from when to when it was heard; null before the first. */
    record LastSession(@Nullable Instant began, @Nullable Instant seen, BootHistory boots) {
        /** With what it tells of the process that had it. */
        private BootHistory history() {
            boolean stayed = began != null && seen != null && !seen.isBefore(began.plus(BootHistory.STAY));
            return stayed ? boots.newestStayed() : boots;
        }
    }

    /** When an agent was asked to prove itself, as far as that can be told, and when it is judged. */
    record Times(Instant challengedAt, Instant now) {}

    static Verdict judge(SessionRequest request, Identity agent, LastSession last, Times times) {
        AgentCertificate certificate = request.peer().certificate();
        if (!certificate.agent().equals(request.claimed())) {
            return new Verdict.Refuse(Admission.Reason.NOT_IDENTIFIED, "The client certificate is another agent's");
        }
        if (!isSigned(request, agent.key())) {
            return new Verdict.Unproven();
        }
        Lockout lockout = agent.lockout();
        if (lockout != null) {
            return new Verdict.Refuse(reason(lockout), lockout.sentence());
        }
        if (agent.tenant().equals(TenantId.PLATFORM) && !request.facts().publicAddressesOnly()) {
            return new Verdict.Refuse(
                    Admission.Reason.REACH_TOO_WIDE,
                    agent.locationName() + " is a public location, where anybody may choose what is checked: start this"
                            + " agent with --addresses-policy public");
        }
        return switch (agent.slots()
                .judge(
                        new HeldCertificate(
                                request.generation(), certificate.serial().toString(16), certificate.tlsKey()),
                        times.challengedAt())) {
            case CURRENT -> judgeProcess(request, last.history(), times, false);
            case NEXT -> judgeProcess(request, last.history(), times, true);
            case OUTDATED, AHEAD, MADE_UP, LATE ->
                new Verdict.Refuse(
                        Admission.Reason.NOT_IDENTIFIED,
                        "The client certificate was replaced by a newer one; renew it");
            case OLDER_COPY -> new Verdict.Copies(CloneSign.OLDER_CERTIFICATE);
            case OTHER_COPY -> new Verdict.Copies(CloneSign.OTHER_CERTIFICATE);
        };
    }

    private static Verdict judgeProcess(SessionRequest request, BootHistory known, Times times, boolean next) {
        ByteBuffer bytes = ByteBuffer.wrap(request.bootId().toArray());
        UUID boot = new UUID(bytes.getLong(), bytes.getLong());
        if (request.attempt() > 0 && known.isSucceeded(boot) && !known.livedOn(boot, times.challengedAt())) {
            return new Verdict.Refuse(
                    Admission.Reason.OVERTAKEN, "A process of this agent that was started later has a session");
        }
        BootHistory boots = known.with(boot, request.attempt(), times.challengedAt(), times.now());
        return boots.provesCopies() ? new Verdict.Copies(CloneSign.TWO_PROCESSES) : new Verdict.LetIn(next, boots);
    }

    static boolean isSigned(SessionRequest request, IdentityKey key) {
        return request.sealingKey().size() == SEALING_KEY_BYTES
                && request.bootId().size() == BOOT_ID_BYTES
                && key.signed(
                        request.signature().toArray(),
                        "postwatch-hello-v1",
                        request.nonce().toArray(),
                        Bytes.of(request.claimed().value()).toArray(),
                        request.sealingKey().toArray(),
                        request.bootId().toArray());
    }

    private static Admission.Reason reason(Lockout lockout) {
        return switch (lockout) {
            case REVOKED, REFUSED -> Admission.Reason.REVOKED;
            case AWAITING_APPROVAL -> Admission.Reason.NOT_IDENTIFIED;
            case CLONED -> Admission.Reason.CLONED;
        };
    }
}
