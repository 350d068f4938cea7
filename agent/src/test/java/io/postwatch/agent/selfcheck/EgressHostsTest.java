package io.postwatch.agent.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.selfcheck.EgressHosts.Host;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressHostsTest {

    @ParameterizedTest
    @CsvSource({
        "mx.example.net, mx.example.net, 25",
        "mx.example.net:587, mx.example.net, 587",
        "192.0.2.1, 192.0.2.1, 25",
        "192.0.2.1:2525, 192.0.2.1, 2525",
        "2001:db8::1, 2001:db8::1, 25",
        "[2001:db8::1], 2001:db8::1, 25",
        "[2001:db8::1]:465, 2001:db8::1, 465",
    })
    void aHostMayNameItsPort(String text, String host, int port) {
        assertThat(Host.of(text)).isEqualTo(new Host(new MailHost(host), port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mx_1.example",
                "mx.example:",
                "mx.example:smtp",
                "mx.example:0",
                "mx.example:65536",
                "[2001:db8::1",
                "127.1"
            })
    void whatIsNoHostIsRefused(String text) {
        assertThatThrownBy(() -> Host.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFewHostsEachOnce() {
        Host host = Host.of("mx.example.net");
        assertThatThrownBy(() -> new EgressHosts(List.of(host, Host.of("MX.example.net:25"))))
                .hasMessageContaining("twice");
        List<Host> nine = IntStream.range(0, 9)
                .mapToObj(i -> Host.of("mx" + i + ".example"))
                .toList();
        assertThatThrownBy(() -> new EgressHosts(nine)).hasMessageContaining("at most 8");
    }
}
