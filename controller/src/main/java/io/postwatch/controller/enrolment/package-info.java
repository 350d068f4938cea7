/**
 * How agents get and keep their identity: one-time tokens, the three keys, the platform's certificate authority, renewal.
 * Used by liveness, which asks who an agent is, and by gateway.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "web",
            "web::events",
            "web::problem",
            "audit",
            "fleet",
            "fleet::news",
            "secret",
            "home"
        })
@NullMarked
package io.postwatch.controller.enrolment;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
