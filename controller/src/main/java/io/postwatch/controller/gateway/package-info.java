/**
 * The gRPC services agents call, and the sessions they hold; messages become records in {@code mapping}. The only importer of
 * the protocol. Nothing uses it; it implements the ports that assignment, monitortest, proof and fleet declare.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "scope",
            "peers",
            "fleet",
            "enrolment",
            "liveness",
            "assignment",
            "assignment::login",
            "monitortest",
            "proof",
            "check",
            "run",
            "evaluation"
        })
@NullMarked
package io.postwatch.controller.gateway;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
