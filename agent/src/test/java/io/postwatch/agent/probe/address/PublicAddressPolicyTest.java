package io.postwatch.agent.probe.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of the contract's table, and that they say enough. */
class PublicAddressPolicyTest {

    private static final PublicAddressPolicy POLICY = new PublicAddressPolicy(List.of());

    record Vector(boolean allowed, String text) {}

    @ParameterizedTest
    @MethodSource("addresses")
    void judgesAddressesAsTheTableWants(Vector vector) {
        assertThat(POLICY.allows(address(vector.text()))).isEqualTo(vector.allowed());
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void takesOnlyNamesAndLiteralsAsHosts(Vector vector) {
        boolean taken = true;
        try {
            assertThat(new MailHost(vector.text()).text()).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            taken = false;
        }
        assertThat(taken).isEqualTo(vector.allowed());
    }

    @Test
    void everyDeniedRangeHasItsEdgesAmongTheVectors() throws IOException {
        Set<InetAddress> denied = addresses()
                .filter(vector -> !vector.allowed())
                .map(vector -> address(vector.text()))
                .collect(Collectors.toSet());
        assertThat(arguments("deny").map(CidrBlock::of))
                .hasSize(23)
                .allSatisfy(block -> assertThat(denied).contains(block.base(), last(block)));
        assertThat(addresses().filter(Vector::allowed)).hasSizeGreaterThan(40);
        assertThat(denied).hasSizeGreaterThan(60);
    }

    @Test
    void thePortsAreThoseOfMail() throws IOException {
        List<Integer> ports = arguments("port").map(Integer::valueOf).toList();
        assertThat(ports).containsExactlyInAnyOrder(25, 465, 587, 2525, 110, 995, 143, 993, 4190);
        assertThat(IntStream.rangeClosed(1, 65_535).filter(POLICY::allowsPort).boxed())
                .containsExactlyInAnyOrderElementsOf(ports);
    }

    @Test
    void everyLineOfTheTableIsUnderstood() throws IOException {
        assertThat(lines())
                .allMatch(line -> line.isEmpty()
                        || line.startsWith("#")
                        || line.matches("port \\d+|deny \\S+|(address|host) (allowed|denied) +\\S+"));
    }

    @Test
    void theOperatorDeniesMoreInWhateverFormItComes() {
        PublicAddressPolicy policy =
                new PublicAddressPolicy(List.of(CidrBlock.of("11.0.0.0/8"), CidrBlock.of("64:ff9b::c00:0/104")));
        assertThat(policy.allows(address("11.0.0.1"))).isFalse();
        assertThat(policy.allows(address("64:ff9b::b00:1"))).isFalse();
        assertThat(policy.allows(address("64:ff9b::c00:1"))).isFalse();
        assertThat(policy.allows(address("12.0.0.1"))).isTrue();
        assertThat(policy.allows(address("10.0.0.1"))).isFalse();
    }

    static Stream<Vector> addresses() throws IOException {
        return vectors("address");
    }

    static Stream<Vector> hosts() throws IOException {
        return vectors("host");
    }

    private static Stream<Vector> vectors(String keyword) throws IOException {
        return arguments(keyword).map(argument -> {
            String[] parts = argument.split(" +", 2);
            return new Vector(parts[0].equals("allowed"), parts[1]);
        });
    }

    private static Stream<String> arguments(String keyword) throws IOException {
        return lines().stream()
                .filter(line -> line.startsWith(keyword + " "))
                .map(line -> line.substring(keyword.length() + 1));
    }

    private static List<String> lines() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                PublicAddressPolicyTest.class.getResourceAsStream("/io/postwatch/proto/public-addresses.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static InetAddress last(CidrBlock block) {
        byte[] bytes = block.base().getAddress();
        for (int bit = block.prefixLength(); bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] |= (byte) (1 << (Byte.SIZE - 1 - bit % Byte.SIZE));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetAddress address(String text) {
        return Objects.requireNonNull(new MailHost(text).literal(), text);
    }
}
