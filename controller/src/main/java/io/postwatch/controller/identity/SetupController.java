package io.postwatch.controller.identity;

import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.ForAnybody;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/setup")
@Tag(name = "session")
class SetupController {
    private final FirstSetup setup;
    private final SignIn signIn;
    private final SessionController sessions;

    SetupController(FirstSetup setup, SignIn signIn, SessionController sessions) {
        this.setup = setup;
        this.signIn = signIn;
        this.sessions = sessions;
    }

    @GetMapping
    @Operation(operationId = "getSetupState", summary = "Whether the first owner is still to be made")
    @ForAnybody
    SetupState state() {
        return new SetupState(setup.isNeeded());
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "setUp", summary = "Make the first tenant and its owner with the one-time set-up token")
    @ForAnybody
    ResponseEntity<SessionView> setUp(@RequestBody SetupRequest body, HttpServletRequest request) {
        signIn.takeAttempt(request.getRemoteAddr());
        List<FieldError> errors = new ArrayList<>();
        String token = required(errors, "token", body.token);
        String email = required(errors, "email", body.email);
        String password = required(errors, "password", body.password);
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
        String address = request.getRemoteAddr();
        UserId user = setup.withToken(token, new NewOwner(email.strip(), password, body.tenantName), address);
        ResponseEntity<SessionView> session = sessions.begin(user, address);
        return ResponseEntity.status(HttpStatus.CREATED)
                .headers(session.getHeaders())
                .body(session.getBody());
    }

    private static String required(List<FieldError> errors, String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            errors.add(new FieldError(field, "required", "Enter the " + field));
            return "";
        }
        return value;
    }

    /** Whether the first owner is still to be made. */
    record SetupState(boolean needed) {}

    /** Who is to be the first owner, and the token that permits it. */
    record SetupRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String token,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String email,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String password,

            @Nullable String tenantName) {
        @Override
        public String toString() {
            return String.valueOf(email);
        }
    }
}
