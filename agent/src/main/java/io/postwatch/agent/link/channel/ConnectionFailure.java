package io.postwatch.agent.link.channel;

import io.grpc.Status;
import io.postwatch.agent.identity.UntrustedControllerException;
import io.postwatch.agent.probe.bounds.ServerText;
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
        Optional<UntrustedControllerException> untrusted = untrusted(status);
        if (untrusted.isPresent()) {
            return ServerText.clean(String.valueOf(untrusted.get().getMessage()), MOST_BYTES);
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

    /** Empty: another reason. */
    static Optional<UntrustedControllerException> untrusted(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UntrustedControllerException untrusted) {
                return Optional.of(untrusted);
            }
        }
        return Optional.empty();
    }
}
