package io.postwatch.controller.enrolment.root;

import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.enrolment.root.RootRotation.Asker;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** By which root the platform issues, for those who run it. The permission is given in the platform tenant only. */
@RestController
@RequestMapping("/api/v1/authority")
@Tag(name = "authority")
class AuthorityController {
    static final ProblemCode NO_NEXT_ROOT = new ProblemCode("no-next-root", 409, "There is no next root");

    private final RootRotation rotation;

    AuthorityController(RootRotation rotation) {
        this.rotation = rotation;
    }

    @GetMapping
    @Operation(operationId = "getAuthority", summary = "Read")
    @ForMembers(Permission.OPERATE)
    AuthorityView get(ActingMember member) {
        return view();
    }

    /** Does nothing where the next root is there. */
    @PostMapping("/rotation")
    @ApiResponse(responseCode = "202", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "rotateAuthority", summary = "Make the next root; it issues nothing yet")
    @ForMembers(Permission.OPERATE)
    ResponseEntity<AuthorityView> rotate(ActingMember member) {
        rotation.prepare(asker(member));
        return ResponseEntity.status(HttpStatus.ACCEPTED).body(view());
    }

    /** Does nothing where it is about to. */
    @PostMapping("/change")
    @ApiResponse(responseCode = "202", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "changeRoot", summary = "Let the next root take over within a minute")
    @ForMembers(Permission.OPERATE)
    ResponseEntity<AuthorityView> change(ActingMember member) {
        AuthorityView before = view();
        if (before.roots().stream().noneMatch(root -> root.state().equals(AuthorityView.State.NEXT.code()))) {
            throw ProblemException.of(
                    NO_NEXT_ROOT, "Make the next root first, and give agents some days to hear of it.");
        }
        rotation.change(asker(member));
        return ResponseEntity.status(HttpStatus.ACCEPTED).body(view());
    }

    private static Asker asker(ActingMember member) {
        return new Asker(Actor.user(member.user(), member.email()), member.address());
    }

    private AuthorityView view() {
        return rotation.status()
                .map(status -> AuthorityView.of(status, rotation.now()))
                .orElseThrow(ProblemException::notFound);
    }
}
