package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.ServerText;

/**
 * What a handshake agreed on.
 *
 * @param protocol for example {@code TLSv1.3}
 * @param cipher the suite's IANA name
 */
public record TlsFindings(String protocol, String cipher) {

    public TlsFindings {
        ServerText.requireClean(protocol, 32, "protocol");
        ServerText.requireClean(cipher, 128, "cipher");
    }
}
