package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.home.StartupRefused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;

class HttpExposureTest {
    private final ServerProperties properties = new ServerProperties();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1"})
    void plainHttpIsServedOnLoopback(String address) throws UnknownHostException {
        properties.setAddress(InetAddress.ofLiteral(address));

        assertThatCode(() -> HttpExposure.check(properties)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
    void plainHttpIsServedNowhereElse(String address) throws UnknownHostException {
        properties.setAddress(InetAddress.ofLiteral(address));

        assertThatThrownBy(() -> HttpExposure.check(properties))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("plain HTTP");
    }

    @Test
    void allAddressesAreNotLoopback() {
        assertThatThrownBy(() -> HttpExposure.check(properties))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("all addresses");
    }

    @Test
    void httpsIsServedEverywhere() {
        Ssl ssl = new Ssl();
        ssl.setBundle("console");
        properties.setSsl(ssl);

        assertThatCode(() -> HttpExposure.check(properties)).doesNotThrowAnyException();
    }

    @Test
    void aReverseProxyMayEndHttps() {
        properties.setForwardHeadersStrategy(ForwardHeadersStrategy.NATIVE);

        assertThatCode(() -> HttpExposure.check(properties)).doesNotThrowAnyException();
    }
}
