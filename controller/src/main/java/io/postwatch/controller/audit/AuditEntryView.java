package io.postwatch.controller.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entry as it is read, listed and exported. */
@Schema(name = "AuditEntry")
record AuditEntryView(
        UUID id,
        Instant at,
        ActorView actor,

        @Schema(description = "A stable code, such as agent.revoked")
        String act,

        @Schema(description = "What was done, for people") String sentence,

        SubjectView subject,

        @Schema(description = "What else is worth knowing") Map<String, String> details,

        @Schema(description = "From where, if over a network") @Nullable
        String address) {
    AuditEntryView {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** Who did it, as they were called then. */
    @Schema(name = "AuditActor")
    record ActorView(
            @Schema(allowableValues = {"user", "agent", "system", "controller"})
            String kind,

            @Nullable UUID id,
            String name) {}

    /** What it was done to, as it was called then. */
    @Schema(name = "AuditSubject")
    record SubjectView(String kind, @Nullable UUID id, String name) {}
}
