package io.postwatch.agent.link.channel;

import io.postwatch.agent.identity.ControllerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy through which this host reaches its controller, by CONNECT (RFC 9110 §9.3.6).
 *
 * @param login null: the proxy asks nobody who he is
 * @param tls null: it is spoken to without
 */
public record ControllerProxy(
        String host,
        int port,
        @Nullable ProxyLogin login,
        @Nullable ProxyTls tls) {

    private static final String PLAIN = "http://";
    private static final String TLS = "https://";

    public ControllerProxy {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a proxy has a host and a port from 1 to 65535");
        }
    }

    /** Spoken to without TLS. */
    public ControllerProxy(String host, int port, @Nullable ProxyLogin login) {
        this(host, port, login, null);
    }

    /**
     * Reads {@code http://host:port} or {@code http://[IPv6]:port}, or the same with {@code https}.
     *
     * @throws IllegalArgumentException with half a sentence that repeats no password
     */
    public static ControllerProxy parse(String text) {
        String url = text.strip();
        if (url.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "the proxy's address holds no user and no password, which have settings of their own");
        }
        boolean isTls = url.startsWith(TLS);
        if (!isTls && !url.startsWith(PLAIN)) {
            throw new IllegalArgumentException(form(url));
        }
        String place =
                url.substring((isTls ? TLS : PLAIN).length(), url.endsWith("/") ? url.length() - 1 : url.length());
        try {
            ControllerAddress address = ControllerAddress.parse(place);
            return new ControllerProxy(address.host(), address.port(), null, isTls ? new ProxyTls(List.of()) : null);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(form(url), malformed);
        }
    }

    private static String form(String url) {
        return "the proxy's address must look like http://proxy.example.org:3128, not \"" + url + "\"";
    }

    public ControllerProxy withLogin(@Nullable ProxyLogin other) {
        return new ControllerProxy(host, port, other, tls);
    }

    public ControllerProxy withTls(@Nullable ProxyTls other) {
        return new ControllerProxy(host, port, login, other);
    }

    /** As it is written in the configuration, without the login. */
    @Override
    public String toString() {
        return (tls == null ? PLAIN : TLS) + new ControllerAddress(host, port);
    }
}
