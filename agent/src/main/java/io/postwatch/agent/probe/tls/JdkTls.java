package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.net.IoFailures;
import java.security.GeneralSecurityException;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** The JDK's own TLS, which is there on every platform. */
public final class JdkTls implements TlsLibrary {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private static final String MESSAGE_LIMIT = "jdk.tls.maxHandshakeMessageSize";

    private final SSLContext context;

    public JdkTls() {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {ChainCapture.trustManager()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /**
     * Lets the JDK's TLS take a chain at the bounds of {@link ChainCapture}: by itself it takes messages of 32 KiB. A
     * property of the whole process, read once: to be called before anything speaks TLS. Another value that the process
     * was started with stays.
     */
    public static void takeLongChains() {
        if (System.getProperty(MESSAGE_LIMIT) == null) {
            System.setProperty(MESSAGE_LIMIT, Integer.toString(ChainCapture.MAX_MESSAGE_BYTES));
        }
    }

    @Override
    public String name() {
        return "the JDK's TLS";
    }

    /** The peer is left unnamed: by its name the JDK would look for a session to resume. */
    @Override
    public SSLEngine open() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(VERSIONS);
        return engine;
    }

    @Override
    public void release(SSLEngine engine) {
        // All of it is in the heap.
    }

    /** The JDK tells it in words only. */
    @Override
    public OptionalInt alertOf(SSLException failure) {
        String alert = IoFailures.alertOf(failure);
        return alert == null ? OptionalInt.empty() : TlsAlerts.code(alert);
    }
}
