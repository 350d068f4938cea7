package io.postwatch.agent.link;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Puts the name in the client's certificate where the service finds it. */
final class CallingAgent implements ServerInterceptor {

    private static final Context.Key<String> CLIENT = Context.key("client");

    /** In the certificate of whoever makes the call that is being served; empty where it has none. */
    static String name() {
        return CLIENT.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        String name = "";
        try {
            Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
                name = certificate.getSubjectX500Principal().getName();
            }
        } catch (SSLPeerUnverifiedException none) {
            name = "";
        }
        return Contexts.interceptCall(Context.current().withValue(CLIENT, name), call, headers, next);
    }
}
