package io.postwatch.testserver;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Sends the chain of the identity whose leaf names what the client asked for by SNI, otherwise the first one's. A chain
 * goes out as it is, in whatever order; a key store would not take it.
 */
final class SentChains extends X509ExtendedKeyManager {

    private final List<ServerIdentity> identities;

    SentChains(List<ServerIdentity> identities) {
        this.identities = List.copyOf(identities);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        String asked =
                socket instanceof SSLSocket tls && tls.getHandshakeSession() instanceof ExtendedSSLSession session
                        ? nameAskedFor(session)
                        : "";
        int chosen = 0;
        for (int i = identities.size() - 1; i >= 0; i--) {
            if (identities.get(i).names(asked)) {
                chosen = i;
            }
        }
        boolean fits = identities.get(chosen).key().getAlgorithm().equals(keyType.split("_", 2)[0]);
        return fits ? Integer.toString(chosen) : null;
    }

    private static String nameAskedFor(ExtendedSSLSession session) {
        for (SNIServerName name : session.getRequestedServerNames()) {
            if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                return new SNIHostName(name.getEncoded()).getAsciiName();
            }
        }
        return "";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
