package io.postwatch.controller.secret;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/data-key")
@Tag(name = "data-key")
class DataKeyController {
    private final TenantTransactions transactions;
    private final DataKeyStatus status;
    private final DataKeys keys;
    private final Audit audit;

    DataKeyController(TenantTransactions transactions, DataKeyStatus status, DataKeys keys, Audit audit) {
        this.transactions = transactions;
        this.status = status;
        this.keys = keys;
        this.audit = audit;
    }

    @GetMapping
    @Operation(operationId = "getDataKey", summary = "Read")
    @ForMembers(Permission.ADMINISTER)
    DataKeyView get(ActingMember member) {
        return transactions.call(member.tenant(), () -> status.of(member.tenant()));
    }

    /** Begins one, unless one is under way; it goes on by itself. */
    @PostMapping("/rotation")
    @ApiResponse(responseCode = "202", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "rotateDataKey", summary = "Rotate now")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<DataKeyView> rotate(ActingMember member) {
        DataKeyView begun = transactions.call(member.tenant(), () -> {
            if (!status.of(member.tenant()).rotating()) {
                UUID next = keys.makeNext(member.tenant()).id();
                audit.record(AuditEntry.by(member, Act.DATA_KEY_ROTATION_BEGUN, next, next.toString()));
            }
            return status.of(member.tenant());
        });
        return ResponseEntity.status(HttpStatus.ACCEPTED).body(begun);
    }
}
