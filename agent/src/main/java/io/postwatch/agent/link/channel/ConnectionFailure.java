package io.postwatch.agent.link.channel;

import io.grpc.Status;
import io.postwatch.agent.probe.bounds.ServerText;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person is told of a call that failed. */
final class ConnectionFailure {

    private static final int MOST_BYTES = 1000;

    private ConnectionFailure() {}

    /**
     * A sentence.
     *
     * @param proxy through which the connection was to be made
     */
    static String sentence(Status status, @Nullable ControllerProxy proxy) {
        if (isForeignAuthority(status)) {
            return "its certificate is not the platform's. Is the address right, and does no proxy inspect TLS on the way?";
        }
        Throwable deepest = status.getCause();
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            deepest = cause;
            if (proxy != null) {
                Optional<String> ofProxy = ProxyFailure.sentence(cause, proxy);
                if (ofProxy.isPresent()) {
                    return ServerText.clean(ofProxy.get(), MOST_BYTES);
                }
            }
        }
        String told = status.getDescription();
        String text = deepest != null && deepest.getMessage() != null ? deepest.getMessage() : told;
        String clean = ServerText.clean(
                text == null || text.isBlank() ? status.getCode().name() : text, MOST_BYTES);
        return proxy == null || status.getCode() != Status.Code.UNAVAILABLE
                ? clean
                : clean + " (through the proxy " + proxy + ")";
    }

    static boolean isForeignAuthority(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathBuilderException) {
                return true;
            }
        }
        return false;
    }
}
