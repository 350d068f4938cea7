package io.postwatch.controller.audit;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit")
@Tag(name = "audit")
class AuditController {
    private static final Logger LOG = LoggerFactory.getLogger(AuditController.class);

    private final TenantTransactions transactions;
    private final AuditRows rows;
    private final AuditExport exports;

    AuditController(TenantTransactions transactions, AuditRows rows, AuditExport exports) {
        this.transactions = transactions;
        this.rows = rows;
        this.exports = exports;
    }

    @GetMapping
    @Operation(operationId = "listAuditEntries", summary = "Who did what, the newest first")
    @ForMembers(Permission.ADMINISTER)
    Page<AuditEntryView> list(
            ActingMember member,
            Paging paging,
            @RequestParam(required = false) @Nullable List<String> act,
            @Parameter(description = "An id, or a part of a name") @RequestParam(required = false) @Nullable
                    String actor,
            @Parameter(description = "An id, or a part of a name") @RequestParam(required = false) @Nullable
                    String subject,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        AuditFilter filter = AuditFilter.of(act, actor, subject, from, to);
        List<AuditEntryView> found = transactions.call(
                member.tenant(), () -> rows.list(member.tenant(), filter, paging.after(), paging.fetch()));
        return Page.of(found, paging, AuditRows::position, entry -> entry);
    }

    /** The acts that there are to filter by. */
    @Schema(name = "AuditActs")
    record ActsView(List<ActView> items) {
        ActsView {
            items = List.copyOf(items);
        }
    }

    @GetMapping("/acts")
    @Operation(operationId = "listAuditActs", summary = "The acts that are recorded")
    @ForMembers(Permission.ADMINISTER)
    ActsView acts() {
        return new ActsView(ActView.all());
    }

    @GetMapping("/export")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = {
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(mediaType = "application/jsonl", schema = @Schema(type = "string"))
            })
    @Operation(operationId = "exportAuditEntries", summary = "All that the filter finds, as a file")
    @ForMembers(Permission.ADMINISTER)
    void export(
            ActingMember member,
            @Parameter(schema = @Schema(allowableValues = {"csv", "jsonl"})) @RequestParam String format,
            @RequestParam(required = false) @Nullable List<String> act,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            HttpServletResponse response) {
        AuditFilter filter = AuditFilter.of(act, actor, subject, from, to);
        ExportFormat wanted = ExportFormat.of(format);
        List<AuditEntryView> first = exports.begin(member, filter, wanted);
        response.setContentType(wanted.mediaType());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"postwatch-audit." + wanted.name().toLowerCase(Locale.ROOT) + "\"");
        try {
            exports.write(member, filter, wanted, first, response.getOutputStream());
        } catch (IOException gone) {
            LOG.debug("An export ended early, its reader went away", gone);
        } catch (RuntimeException failed) {
            throw new TornExport(failed);
        }
    }

    /** Half of a file was sent. */
    static final class TornExport extends RuntimeException {
        private static final long serialVersionUID = 1;

        TornExport(RuntimeException why) {
            super(why);
        }
    }

    /**
     * Lets it through to the server, which cuts the connection: an answer that ended in order would be taken for the
     * whole file.
     */
    @ExceptionHandler
    void cut(TornExport torn) {
        throw torn;
    }
}
