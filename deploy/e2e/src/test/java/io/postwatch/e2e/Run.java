package io.postwatch.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One result as the REST API tells it. */
record Run(JsonNode json) {
    String id() {
        return json.path("id").asString("");
    }

    Instant scheduledAt() {
        return Instant.parse(json.path("scheduledAt").asString(""));
    }

    Instant startedAt() {
        return Instant.parse(json.path("startedAt").asString(""));
    }

    Duration total() {
        return Duration.ofNanos(Math.round(json.path("totalMillis").asDouble() * 1e6));
    }

    /** Made beside the grid, for example when the monitor was saved. */
    boolean triggered() {
        return json.path("triggered").asBoolean();
    }

    String status() {
        return json.path("status").asString("");
    }

    String failureCode() {
        return json.path("failure").path("code").asString("");
    }

    String failurePhase() {
        return json.path("failure").path("phase").asString("");
    }

    /** What came out, for people. */
    String sentence() {
        return json.path("sentence").asString("");
    }

    String serverReply() {
        return json.path("failure").path("serverReply").asString("");
    }

    /** The names of the phases in the order in which they began. */
    List<String> phases() {
        List<String> names = new ArrayList<>();
        json.path("phases").forEach(phase -> names.add(phase.path("name").asString("")));
        return names;
    }

    /** How long the phase lasted, the last time where it occurred twice. */
    Optional<Duration> phase(String name) {
        Duration found = null;
        for (JsonNode phase : json.path("phases")) {
            if (phase.path("name").asString("").equals(name)) {
                found = Duration.ofNanos(Math.round(phase.path("durationMillis").asDouble() * 1e6));
            }
        }
        return Optional.ofNullable(found);
    }

    int certificateDaysLeft() {
        return json.path("certificate").path("daysLeft").asInt();
    }

    /** The subjects of the certificates that were shown, leaf first. */
    List<String> chain() {
        List<String> subjects = new ArrayList<>();
        json.path("certificate")
                .path("chain")
                .forEach(certificate -> subjects.add(certificate.path("subject").asString("")));
        return subjects;
    }

    /** SHA-256 of the certificates that were shown, in hexadecimal digits, leaf first. */
    List<String> fingerprints() {
        List<String> fingerprints = new ArrayList<>();
        json.path("certificate")
                .path("fingerprints")
                .forEach(fingerprint -> fingerprints.add(fingerprint.asString("")));
        return fingerprints;
    }

    String tlsProtocol() {
        return json.path("tls").path("protocol").asString("");
    }

    String authMechanism() {
        return json.path("authMechanism").asString("");
    }
}
