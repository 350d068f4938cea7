package io.postwatch.controller.web;

import io.postwatch.controller.home.StartupRefused;
import java.net.InetAddress;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.stereotype.Component;

/** Passwords and session cookies cross no network in the clear: plain HTTP is served on loopback only. */
@Component
class HttpExposure implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private final ServerProperties properties;

    HttpExposure(ServerProperties properties) {
        this.properties = properties;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        check(properties);
    }

    static void check(ServerProperties properties) {
        InetAddress address = properties.getAddress();
        boolean loopback = address != null && address.isLoopbackAddress();
        ForwardHeadersStrategy strategy = properties.getForwardHeadersStrategy();
        boolean behindProxy = strategy != null && strategy != ForwardHeadersStrategy.NONE;
        if (!loopback && !behindProxy && !Ssl.isEnabled(properties.getSsl())) {
            throw new StartupRefused(
                    "The console would be served over plain HTTP on "
                            + (address == null ? "all addresses" : address.getHostAddress())
                            + ", where passwords could be read on the way.",
                    "Configure HTTPS (server.ssl.*); or, behind a reverse proxy of your own that ends HTTPS, set POSTWATCH_FORWARDED_HEADERS=native; or listen on 127.0.0.1 only.");
        }
    }
}
