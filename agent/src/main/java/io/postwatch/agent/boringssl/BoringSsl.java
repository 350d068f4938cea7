package io.postwatch.agent.boringssl;

import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSsl;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSslContextOption;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.postwatch.agent.probe.tls.ChainCapture;
import io.postwatch.agent.probe.tls.TlsLibrary;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** BoringSSL behind Netty's engine. It is native and does not work on every machine. */
public final class BoringSsl implements TlsLibrary {

    /** Packed error codes; the last twelve bits are the reason, and an alert's is its code and 1,000. */
    private static final Pattern ERROR = Pattern.compile("error:([0-9a-f]{8}):");

    private static final int REASON = 0xfff;
    private static final int ALERT_REASONS = 1000;

    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** Netty would put a hybrid with ML-KEM in front, whose key alone costs a third of a handshake. */
    private static final String[] GROUPS = {"X25519", "P-256", "P-384", "P-521"};

    private final SslContext context;

    /**
     * Prepares it; of cipher suites it offers those the JDK does, as far as it knows them.
     *
     * @throws SSLException where it does not work on this machine
     */
    public BoringSsl() throws SSLException {
        try {
            OpenSsl.ensureAvailability();
            context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .protocols(VERSIONS)
                    .ciphers(
                            List.of(SSLContext.getDefault()
                                    .getDefaultSSLParameters()
                                    .getCipherSuites()),
                            SupportedCipherSuiteFilter.INSTANCE)
                    .trustManager(ChainCapture.trustManager())
                    .endpointIdentificationAlgorithm(null)
                    .option(OpenSslContextOption.GROUPS, GROUPS)
                    .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, ChainCapture.MAX_MESSAGE_BYTES)
                    .build();
        } catch (LinkageError e) {
            throw new SSLException("does not work here: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    @Override
    public String name() {
        return "BoringSSL";
    }

    /** The peer is left unnamed: by its name Netty would look for a session to resume. */
    @Override
    public SSLEngine open() {
        return context.newEngine(PooledByteBufAllocator.DEFAULT);
    }

    @Override
    public void release(SSLEngine engine) {
        ReferenceCountUtil.release(engine);
    }

    @Override
    public OptionalInt alertOf(SSLException failure) {
        Matcher error = ERROR.matcher(String.valueOf(failure.getMessage()));
        if (!error.find()) {
            return OptionalInt.empty();
        }
        int alert = (Integer.parseUnsignedInt(error.group(1), 16) & REASON) - ALERT_REASONS;
        return alert >= 0 && alert <= 255 ? OptionalInt.of(alert) : OptionalInt.empty();
    }
}
