package io.postwatch.controller.enrolment.root;

import io.postwatch.controller.enrolment.root.RootRotation.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The platform's certificate authority, without its keys.
 *
 * @param roots those that are trusted: first the one that issues, then the next, then former ones
 * @param agents that may be let in
 * @param preparesNextAt when the next root is made without anybody's asking; absent where there is one
 * @param changesAt when the next root takes over without anybody's asking; absent where it is written down already
 */
@Schema(name = "Authority")
record AuthorityView(
        List<RootView> roots,
        long agents,
        @Nullable Instant preparesNextAt,
        @Nullable Instant changesAt) {
    /** What a root is at this time. */
    enum State {
        ISSUING,
        NEXT,
        FORMER;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(PlatformRoot root, Roots roots, Instant now) {
            long issuing = roots.issuing(now).number();
            return root.number() == issuing ? ISSUING : root.number() > issuing ? NEXT : FORMER;
        }
    }

    /**
     * One of its roots.
     *
     * @param fingerprint SHA-256 of its certificate
     * @param issuesFrom absent where that is not decided
     * @param trustedUntil when nothing that it has issued is good any more; absent while it issues, or will
     * @param agents how many said at their last session that they trust it
     */
    @Schema(name = "Root")
    record RootView(
            String fingerprint,

            @Schema(allowableValues = {"issuing", "next", "former"})
            String state,

            Instant validFrom,
            Instant validUntil,
            @Nullable Instant issuesFrom,
            @Nullable Instant trustedUntil,
            long agents) {}

    static AuthorityView of(Status status, Instant now) {
        Roots roots = status.roots();
        PlatformRoot next = roots.next(now).orElse(null);
        return new AuthorityView(
                roots.trusted(now).stream()
                        .map(root -> new RootView(
                                root.fingerprint().hex(),
                                State.of(root, roots, now).code(),
                                root.validFrom(),
                                root.validUntil(),
                                root.issuesFrom(),
                                roots.trustedUntil(root).orElse(null),
                                status.trusting().getOrDefault(root.keyHash(), 0L)))
                        .toList(),
                status.agents(),
                next == null ? roots.preparesAt(now) : null,
                next == null || next.issuesFrom() == null ? roots.changesAt(now) : null);
    }
}
