package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.PublicAddressPolicy;
import java.net.InetAddress;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFactsTest {

    private static final AddressPolicy PRIVATE = new HostAddressPolicy(List.of(), List.of());
    private static final AddressPolicy PUBLIC = new PublicAddressPolicy(List.of());

    @ParameterizedTest
    @ValueSource(strings = {"::1", "fe80::1", "::", "127.0.0.1", "127.8.9.10", "169.254.7.7", "0.0.0.0"})
    void whatEveryHostHasLeadsNowhere(String address) {
        assertThat(leadsAnywhere(address, PRIVATE)).isFalse();
        assertThat(leadsAnywhere(address, PUBLIC)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::25", "fd00::2", "192.0.2.25", "10.1.2.3"})
    void anAddressInANetworkDoesEvenBehindATranslatorOrAmongTheDenied(String address) {
        assertThat(leadsAnywhere(address, PRIVATE)).isTrue();
        assertThat(leadsAnywhere(address, PUBLIC)).isTrue();
        assertThat(leadsAnywhere(address, new HostAddressPolicy(List.of(), blocks("0.0.0.0/0", "::/0"))))
                .isTrue();
    }

    @Test
    void loopbackDoesWhereTheAgentMayCheckIt() {
        AddressPolicy ipv6 = new HostAddressPolicy(blocks("::1"), List.of());
        assertThat(leadsAnywhere("::1", ipv6)).isTrue();
        assertThat(leadsAnywhere("127.0.0.1", ipv6)).isFalse();
        AddressPolicy ipv4 = new HostAddressPolicy(blocks("127.0.0.0/8"), List.of());
        assertThat(leadsAnywhere("127.0.0.1", ipv4)).isTrue();
        assertThat(leadsAnywhere("::1", ipv4)).isFalse();
    }

    @Test
    void itSaysWhetherAnybodyMayChooseItsTargets() {
        UUID boot = new UUID(1, 2);
        assertThat(HostFacts.read(boot, PUBLIC, List.of()).publicOnly()).isTrue();
        assertThat(HostFacts.read(boot, PRIVATE, List.of()).publicOnly()).isFalse();
    }

    private static boolean leadsAnywhere(String address, AddressPolicy policy) {
        return HostFacts.leadsAnywhere(InetAddress.ofLiteral(address), policy);
    }

    private static List<CidrBlock> blocks(String... blocks) {
        return Stream.of(blocks).map(CidrBlock::of).toList();
    }
}
