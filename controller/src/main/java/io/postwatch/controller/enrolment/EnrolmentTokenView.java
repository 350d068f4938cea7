package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.id.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A token as it is shown; the token itself in the answer to its creation only. */
@Schema(name = "EnrolmentToken")
record EnrolmentTokenView(
        UUID id,
        UUID locationId,
        String prefix,

        @Schema(allowableValues = {"usable", "used", "expired", "revoked"})
        String state,

        @Schema(description = "Whoever comes with it waits until an administrator has approved it")
        boolean needsApproval,

        @Schema(description = "Whoever comes with it takes the place of this agent") @Nullable
        UUID replacesAgentId,

        int usesLeft,
        Instant expiresAt,
        Instant createdAt,
        @Nullable String token,
        @Nullable String controllerAddress,
        @Nullable String installCommand) {
    /** {@code token}: null unless it was made just now. */
    static EnrolmentTokenView of(
            TenantId owner, EnrolmentTokens.Row row, @Nullable TokenText token, AgentEndpoint endpoint, Instant now) {
        return new EnrolmentTokenView(
                row.id(),
                row.location(),
                row.prefix(),
                EnrolmentTokenState.of(row.revokedAt(), row.usesLeft(), row.expiresAt(), now)
                        .code(),
                row.needsApproval(),
                row.replaces(),
                row.usesLeft(),
                row.expiresAt(),
                row.createdAt(),
                token == null ? null : token.text(),
                token == null ? null : endpoint.shownAddress(),
                token == null ? null : InstallCommand.text(endpoint, token, owner));
    }

    /** Without the token and the command that holds it. */
    @Override
    public String toString() {
        return "EnrolmentTokenView[id=" + id + ", prefix=" + prefix + ", state=" + state + "]";
    }
}
