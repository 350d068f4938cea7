package io.postwatch.controller.enrolment;

import io.postwatch.controller.enrolment.root.Roots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The controller's current server certificate. It is asked at every handshake and makes a new one when half of its life
 * is over, or another root issues: no restart is needed, and connections that stand stay. Safe for all threads.
 */
@Component
public class ServerIdentities {
    /** In the certificate of every controller; what agents verify, whatever address they dialled. */
    private static final String NAME = "postwatch-controller";

    static final Duration LIFETIME = Roots.LONGEST_LEAF;

    private final CertificateAuthority authority;
    private final AgentEndpoint endpoint;
    private final InstantSource clock;
    private @Nullable ServerIdentity current;
    private @Nullable ServerIdentity before;

    ServerIdentities(CertificateAuthority authority, AgentEndpoint endpoint, InstantSource clock) {
        this.authority = authority;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    public synchronized ServerIdentity current() {
        ServerIdentity known = current;
        if (known == null || isHalfOver(known) || !known.issuer().equals(authority.issuing())) {
            before = known;
            known = authority.signController(
                    Stream.concat(Stream.of(NAME), endpoint.names().stream()).toList(), LIFETIME);
            current = known;
        }
        return known;
    }

    private boolean isHalfOver(ServerIdentity known) {
        Instant half = known.notAfter().minus(LIFETIME.dividedBy(2));
        return clock.instant().isAfter(half);
    }

    /** One that a handshake has begun with, also where a new one has followed since. */
    public synchronized Optional<ServerIdentity> named(String name) {
        return Stream.of(Optional.ofNullable(current), Optional.ofNullable(before))
                .flatMap(Optional::stream)
                .filter(identity -> identity.name().equals(name))
                .findFirst();
    }
}
