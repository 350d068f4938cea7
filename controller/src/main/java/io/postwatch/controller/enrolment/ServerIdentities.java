package io.postwatch.controller.enrolment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The controller's current server certificate. It is asked at every handshake and makes a new one when half of its life
 * is over, so that none is ever near its end. Safe for all threads.
 */
@Component
public class ServerIdentities {
    /** The name that agents expect, whatever address they were given. */
    static final String NAME = "postwatch-controller";

    static final Duration LIFETIME = Duration.ofDays(7);

    private final CertificateAuthority authority;
    private final AgentEndpoint endpoint;
    private final InstantSource clock;
    private @Nullable ServerIdentity current;

    ServerIdentities(CertificateAuthority authority, AgentEndpoint endpoint, InstantSource clock) {
        this.authority = authority;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    public synchronized ServerIdentity current() {
        Instant now = clock.instant();
        ServerIdentity known = current;
        if (known == null || now.isAfter(known.notAfter().minus(LIFETIME.dividedBy(2)))) {
            known = authority.signController(
                    Stream.concat(Stream.of(NAME), endpoint.names().stream()).toList(), LIFETIME);
            current = known;
        }
        return known;
    }
}
