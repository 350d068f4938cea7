package io.postwatch.agent.probe.certificate;

import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.probe.failure.FailureCode;

/**
 * Something that is wrong with a chain.
 *
 * @param code a code of category certificate
 * @param position which certificate of the chain, from 0
 * @param message one sentence for people, clean, at most 1,024 bytes
 */
public record CertificateVerdict(FailureCode code, int position, String message) {

    public CertificateVerdict {
        if (code.category() != FailureCategory.CERTIFICATE) {
            throw new IllegalArgumentException("not a verdict on a certificate: " + code);
        }
        Checks.notNegative(position, "position");
        ServerText.requireClean(message, 1024, "message");
    }
}
