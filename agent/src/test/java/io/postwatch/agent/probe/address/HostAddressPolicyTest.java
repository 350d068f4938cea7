package io.postwatch.agent.probe.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, true",
        "10.1.2.3, true",
        "172.16.0.1, true",
        "192.168.1.1, true",
        "100.64.0.1, true",
        "2606:4700::1111, true",
        "fd12:3456::1, true",
        "0.0.0.0, false",
        "127.0.0.1, false",
        "127.255.255.255, false",
        "126.255.255.255, true",
        "128.0.0.1, true",
        "169.254.169.254, false",
        "169.253.255.255, true",
        "168.63.129.16, false",
        "168.63.129.17, true",
        "100.100.100.200, false",
        "192.0.0.192, false",
        "224.0.0.1, false",
        "239.255.255.255, false",
        "255.255.255.255, false",
        "::, false",
        "::1, false",
        "::2, false",
        "fe80::1, false",
        "febf::1, false",
        "fec0::1, false",
        "ff02::1, false",
        "fd00:ec2::254, false",
        "fd20:ce::254, false",
        // IPv4 in IPv6: mapped, compatible, NAT64, 6to4.
        "::ffff:127.0.0.1, false",
        "::ffff:8.8.8.8, true",
        "::127.0.0.1, false",
        "64:ff9b::169.254.169.254, false",
        "64:ff9b::8.8.8.8, true",
        "2002:7f00:1::1, false",
        "2002:808:808::1, true"
    })
    void allowsPrivateAndPublicAddressesButNotThisHostItself(String address, boolean allowed) {
        assertThat(policy("", "").allows(address(address))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        // what is allowed, what is denied, address, verdict
        "127.0.0.0/8 ::1, '', 127.0.0.1, true",
        "127.0.0.0/8 ::1, '', ::1, true",
        "127.0.0.0/8 ::1, '', ::ffff:127.0.0.1, true",
        "127.0.0.0/8 ::1, '', 169.254.169.254, false",
        "127.0.0.1, '', 127.0.0.2, false",
        "0.0.0.0/0, '', 127.0.0.1, false",
        "10.0.0.0/8, 0.0.0.0/0, 10.1.1.1, true",
        "10.0.0.0/8, 0.0.0.0/0, 8.8.8.8, false",
        "10.0.0.0/8, 10.0.0.0/8, 10.1.1.1, false",
        "'', 10.0.0.0/8, 10.1.1.1, false",
        "'', 10.0.0.0/8, 64:ff9b::10.1.1.1, false",
        "'', 2001:db8::/33, 2001:db8:7fff::1, false",
        "'', 2001:db8::/33, 2001:db8:8000::1, true"
    })
    void theLongestMatchDecides(String allow, String deny, String address, boolean allowed) {
        assertThat(policy(allow, deny).allows(address(address))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10/8",
                "mail.example.org",
                "fd00::/129",
                "fd00::1/8",
                "::ffff:10.0.0.0/104"
            })
    void refusesRangesThatAreNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CidrBlock.of(text));
    }

    private static HostAddressPolicy policy(String allow, String deny) {
        return new HostAddressPolicy(blocks(allow), blocks(deny));
    }

    private static List<CidrBlock> blocks(String text) {
        return Stream.of(text.split(" "))
                .filter(block -> !block.isEmpty())
                .map(CidrBlock::of)
                .toList();
    }

    private static InetAddress address(String text) {
        return Objects.requireNonNull(new MailHost(text).literal(), text);
    }
}
