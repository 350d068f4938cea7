package io.postwatch.agent.identity;

import java.security.cert.CertificateException;

/** Who answered is not to be trusted as the controller. The message is a sentence that says what was found and what to do. */
public final class UntrustedControllerException extends CertificateException {

    private static final long serialVersionUID = 1;

    /** What the certificate tells. Only the sentence depends on it: none of them is ever trusted. */
    public enum Finding {
        /** Somebody on the way opens TLS with an authority of his own. */
        INSPECTED,
        /** An ordinary server of the Internet answers. */
        ANOTHER_SERVER,
        /** A controller answers, of another platform. */
        ANOTHER_PLATFORM,
        /** The platform issued it, but not to a controller. */
        NO_CONTROLLER,
        /** It is the controller's, and is over as far as this agent knows the time. */
        EXPIRED
    }

    private final Finding finding;

    UntrustedControllerException(Finding finding, String message) {
        super(message);
        this.finding = finding;
    }

    public Finding finding() {
        return finding;
    }
}
