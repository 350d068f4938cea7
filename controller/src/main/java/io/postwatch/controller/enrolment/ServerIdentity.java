package io.postwatch.controller.enrolment;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a controller proves itself with to agents: a key that only this process has, and its chain with the roots, first the one
 * that has issued it.
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
    public ServerIdentity {
        chain = List.copyOf(chain);
        if (chain.size() < 2) {
            throw new IllegalArgumentException("The chain of a controller has a certificate and a root");
        }
    }

    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    X509Certificate issuer() {
        return chain.get(1);
    }

    /** Another one has another name. */
    public String name() {
        return chain.getFirst().getSerialNumber().toString(16);
    }
}
