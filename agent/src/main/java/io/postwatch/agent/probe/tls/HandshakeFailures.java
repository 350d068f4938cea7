package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;
import java.util.OptionalInt;
import javax.net.ssl.SSLException;

/** Says why a handshake failed: first by what the server sent, then by what the library makes of it. */
final class HandshakeFailures {

    private static final int TLS_1_2 = 0x0303;

    private HandshakeFailures() {}

    static RunFailure of(IOException e, TlsLibrary library, ServerRecords records, ChainCapture capture) {
        if (capture.isRefused()) {
            return capture.isCrowdedOut()
                    ? new RunFailure(
                            FailureCode.OVERLOADED,
                            "This agent had no room for the server's large chain: too many others are kept now.")
                    : tooMuch(capture.refusal());
        }
        boolean chainSeen = !capture.chain().isEmpty();
        OptionalInt alert = records.alert().isPresent() || !(e instanceof SSLException failure)
                ? records.alert()
                : library.alertOf(failure);
        if (alert.isPresent()) {
            return ofAlert(alert.getAsInt(), records, chainSeen);
        }
        if (records.isForeign()) {
            return failed("The server answered with something that is not TLS.");
        }
        int version = records.helloVersion().orElse(TLS_1_2);
        if (version < TLS_1_2) {
            return new RunFailure(
                    FailureCode.PROTOCOL_VERSION,
                    "The server speaks " + name(version) + " only, which is no longer safe.");
        }
        if (e instanceof SocketException) {
            return new RunFailure(FailureCode.CONNECTION_RESET, "The connection was reset during the TLS handshake.");
        }
        if (e instanceof EOFException) {
            return failed("The server closed the connection during the TLS handshake.");
        }
        // The JDK puts the alert it answers with in front.
        String message = String.valueOf(e.getMessage()).replaceFirst("^\\([a-z_]+\\) ", "");
        if (!chainSeen && message.toLowerCase(Locale.ROOT).contains("cipher")) {
            return new RunFailure(FailureCode.NO_COMMON_CIPHER, "The server chose a cipher suite nobody offered.");
        }
        if (isTooMany(message)) {
            return tooMuch("more than " + ChainCapture.MAX_CERTIFICATES + " certificates");
        }
        return failed("The TLS handshake failed: " + message.replaceFirst("\\.$", "") + ".");
    }

    /** In the words of the JDK, which counts before it asks anybody. */
    private static boolean isTooMany(String message) {
        return message.contains("certificate chain length");
    }

    private static RunFailure tooMuch(String what) {
        return failed("The server sent " + what + ", more than this agent looks at.");
    }

    /**
     * Whether another library might get on with the server: this one complained, or the server did before it showed its
     * certificate. Libraries differ in the algorithms they know.
     */
    static boolean mayBeTheLibrarys(IOException e, RunFailure failure, ServerRecords records, ChainCapture capture) {
        if (capture.isRefused()
                || isTooMany(String.valueOf(e.getMessage()))
                || records.isForeign()
                || failure.code() == FailureCode.PROTOCOL_VERSION) {
            return false;
        }
        boolean told = records.alert().isPresent() || failure.code() == FailureCode.ALERT;
        return told ? capture.chain().isEmpty() : e instanceof SSLException;
    }

    private static RunFailure ofAlert(int alert, ServerRecords records, boolean chainSeen) {
        if (alert == TlsAlerts.PROTOCOL_VERSION) {
            int version = records.alertVersion().orElse(TLS_1_2);
            return new RunFailure(
                    FailureCode.PROTOCOL_VERSION,
                    "The server accepts no version of TLS that is safe"
                            + (version < TLS_1_2 ? "; it answers in " + name(version) + "." : "."));
        }
        // RFC 8446, section 4.1.1: what a server sends that finds nothing in common in the offer. After its
        // certificate the same alert means something else, for example a missing client certificate.
        if (!chainSeen && (alert == TlsAlerts.HANDSHAKE_FAILURE || alert == TlsAlerts.INSUFFICIENT_SECURITY)) {
            return new RunFailure(
                    FailureCode.NO_COMMON_CIPHER, "The server found no cipher suite that both sides accept.");
        }
        return new RunFailure(
                FailureCode.ALERT, "The server refused TLS with the alert " + TlsAlerts.name(alert) + ".");
    }

    private static RunFailure failed(String message) {
        return new RunFailure(FailureCode.HANDSHAKE_FAILED, message);
    }

    private static String name(int version) {
        return switch (version) {
            case 0x0300 -> "SSL 3.0";
            case 0x0301 -> "TLS 1.0";
            case 0x0302 -> "TLS 1.1";
            default -> "a version of TLS unknown here";
        };
    }
}
