package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Bytes;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * A client certificate on its way to its agent: DER of the chain, leaf first and without the root, and of the roots to trust.
 *
 * @param formerRoots not to be trusted; by them an agent that knows none of the others finds its way
 * @param generation counts the certificates of this agent
 * @param tlsKey SHA-256 of the SubjectPublicKeyInfo that it is for
 */
public record IssuedCertificate(
        List<Bytes> chain,
        List<Bytes> roots,
        List<Bytes> formerRoots,
        BigInteger serial,
        Instant notAfter,
        long generation,
        Bytes tlsKey) {
    public IssuedCertificate {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
        formerRoots = List.copyOf(formerRoots);
    }
}
