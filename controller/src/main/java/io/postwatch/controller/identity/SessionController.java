package io.postwatch.controller.identity;

import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.Caller;
import io.postwatch.controller.web.ForAnybody;
import io.postwatch.controller.web.ForSignedIn;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/session")
@Tag(name = "session")
class SessionController {
    private final SignIn signIn;
    private final Sessions sessions;
    private final RecordedSessions recorded;
    private final SessionViews views;
    private final IdentityProperties properties;

    SessionController(
            SignIn signIn,
            Sessions sessions,
            RecordedSessions recorded,
            SessionViews views,
            IdentityProperties properties) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.recorded = recorded;
        this.views = views;
        this.properties = properties;
    }

    @PostMapping
    @Operation(operationId = "signIn", summary = "Sign in")
    @ForAnybody
    ResponseEntity<SessionView> signIn(@RequestBody SignInRequest body, HttpServletRequest request) {
        UserId user = signIn.check(
                required("email", body.email), required("password", body.password), request.getRemoteAddr());
        SessionCookie.read(request).ifPresent(sessions::end);
        return begin(user, request.getRemoteAddr());
    }

    ResponseEntity<SessionView> begin(UserId user, String address) {
        Sessions.NewSession session = recorded.begin(user, address);
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.SET_COOKIE,
                        SessionCookie.carrying(session.token(), properties.sessionAbsolute())
                                .toString())
                .body(views.of(session.caller()));
    }

    @GetMapping
    @Operation(operationId = "getSession", summary = "Who is signed in")
    @ForSignedIn
    SessionView get(Caller caller) {
        return views.of(caller);
    }

    @DeleteMapping
    @Operation(operationId = "signOut", summary = "Sign out")
    @ForSignedIn
    ResponseEntity<Void> signOut(Caller caller, HttpServletRequest request) {
        SessionCookie.read(request).ifPresent(token -> recorded.end(token, caller, request.getRemoteAddr()));
        return ResponseEntity.noContent()
                .header(HttpHeaders.SET_COOKIE, SessionCookie.none().toString())
                .build();
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw ProblemException.invalidField(field, "required", "Enter the " + field);
        }
        return value;
    }

    /** What is entered to sign in. */
    record SignInRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String email,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String password) {
        @Override
        public String toString() {
            return String.valueOf(email);
        }
    }
}
