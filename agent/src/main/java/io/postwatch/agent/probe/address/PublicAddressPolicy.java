package io.postwatch.agent.probe.address;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The policy of a public agent, whose targets anybody may choose: public addresses and the ports of mail only.
 *
 * <p>The table is the contract's, {@value #TABLE}, which says how it is read; the vectors in it are this class's test.
 * The host's configuration may deny more; nothing lifts a denial.
 */
public final class PublicAddressPolicy implements AddressPolicy {

    private static final String TABLE = "/io/postwatch/proto/public-addresses.txt";

    private final List<CidrBlock> denied;
    private final List<CidrBlock> deniedToo;
    private final Set<Integer> ports;

    /** With ranges that are denied besides those of the table: the operator's own networks. */
    public PublicAddressPolicy(List<CidrBlock> deniedToo) {
        List<String> table = table();
        this.denied = arguments(table, "deny").map(CidrBlock::of).toList();
        this.deniedToo = List.copyOf(deniedToo);
        this.ports = arguments(table, "port").map(Integer::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean allows(InetAddress address) {
        InetAddress translated = EmbeddedV4.behindNat64(address);
        InetAddress judged = translated == null ? address : translated;
        return !contain(denied, judged) && !contain(deniedToo, judged) && !contain(deniedToo, address);
    }

    @Override
    public boolean allowsPort(int port) {
        return ports.contains(port);
    }

    /** One without a dot would be completed by the search list of this machine, to a name of the operator's own. */
    @Override
    public boolean allowsName(MailHost host) {
        return host.literal() != null || host.text().contains(".");
    }

    @Override
    public boolean isPublicOnly() {
        return true;
    }

    /** Anybody may ask, and the answers may be those of the operator's own network. */
    @Override
    public boolean tellsDenied() {
        return false;
    }

    @Override
    public String reason() {
        return "a public agent reaches public addresses on the ports of mail only";
    }

    private static boolean contain(List<CidrBlock> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static Stream<String> arguments(List<String> table, String keyword) {
        return table.stream()
                .filter(line -> line.startsWith(keyword + " "))
                .map(line -> line.substring(keyword.length()).strip());
    }

    private static List<String> table() {
        try (InputStream file = Objects.requireNonNull(PublicAddressPolicy.class.getResourceAsStream(TABLE), TABLE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
