package io.postwatch.controller.enrolment;

import io.postwatch.controller.enrolment.root.CertificateForge;
import io.postwatch.controller.enrolment.root.CertificateForge.Root;
import io.postwatch.controller.shared.id.AgentId;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** Client certificates that let nobody in. */
public final class TestCertificates {
    private TestCertificates() {}

    /** The platform's, over for a minute. */
    public static X509Certificate expired(CertificateAuthority authority, AgentId agent, PublicKey key) {
        return authority.signAgent(agent, key, Duration.ofMinutes(-1));
    }

    /** Of an authority that calls itself by the same name. */
    public static X509Certificate ofAnotherPlatform(AgentId agent, PublicKey key) {
        CertificateForge forge = new CertificateForge(new SecureRandom());
        Instant now = Instant.now();
        KeyPair keys = forge.makeKeys();
        Root root = new Root(keys.getPrivate(), forge.signRoot(keys, now));
        return forge.signAgent(
                root,
                agent.value().toString(),
                AgentCertificate.URI_PREFIX + agent.value(),
                key,
                now,
                Duration.ofDays(7));
    }
}
