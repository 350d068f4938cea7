package io.postwatch.controller.identity;

import io.postwatch.controller.identity.Operators.Operator;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who runs the platform. The permission is given in the platform tenant only, so the tenant of a request is that one. */
@RestController
@RequestMapping("/api/v1/operators")
@Tag(name = "operators")
class OperatorController {
    private final Operators operators;

    OperatorController(Operators operators) {
        this.operators = operators;
    }

    /** Who is to be one. */
    record OperatorRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String email) {
        String check() {
            if (email == null || !EmailAddress.isValid(email.strip())) {
                throw ProblemException.invalidField("email", "invalid", "Enter an e-mail address");
            }
            return email.strip();
        }
    }

    /** An operator as they are shown. */
    @Schema(name = "Operator")
    record OperatorView(UserId id, String email, Instant since) {
        static OperatorView of(Operator operator) {
            return new OperatorView(
                    operator.user(), operator.email(), operator.since().toInstant());
        }
    }

    @GetMapping
    @Operation(operationId = "listOperators", summary = "List")
    @ForMembers(Permission.OPERATE)
    Page<OperatorView> list(ActingMember member, Paging paging) {
        Cursor after = paging.after();
        return Page.of(
                operators.list(after == null ? null : after.text(0), paging.fetch()),
                paging,
                operator -> Cursor.at(operator.key()),
                OperatorView::of);
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "appointOperator", summary = "Make somebody with an account an operator")
    @ForMembers(Permission.OPERATE)
    ResponseEntity<OperatorView> appoint(ActingMember member, @RequestBody OperatorRequest request) {
        Operator made = operators.appoint(member, request.check());
        return ResponseEntity.created(URI.create("/api/v1/operators/" + made.user()))
                .body(OperatorView.of(made));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "dismissOperator", summary = "Take the role away; never from the last one")
    @ForMembers(Permission.OPERATE)
    ResponseEntity<Void> dismiss(ActingMember member, @PathVariable UserId id) {
        operators.dismiss(member, id);
        return ResponseEntity.noContent().build();
    }
}
