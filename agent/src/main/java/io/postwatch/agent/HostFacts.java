package io.postwatch.agent;

import io.postwatch.agent.link.AgentFacts;
import io.postwatch.agent.probe.address.AddressPolicy;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** What this host says of itself. */
final class HostFacts {

    /** What one core does without hurry; a placement may ask for less. */
    private static final int RUNS_PER_SECOND_AND_CORE = 100;

    private HostFacts() {}

    /** As it is now: addresses come and go while an agent runs. */
    static AgentFacts read(UUID bootId, AddressPolicy policy, List<String> localSecrets) {
        return new AgentFacts(
                version(),
                bootId,
                hostName(),
                System.getProperty("os.name", "unknown"),
                System.getProperty("os.arch", "unknown"),
                hasAddress(Inet4Address.class, policy),
                hasAddress(Inet6Address.class, policy),
                RUNS_PER_SECOND_AND_CORE * Runtime.getRuntime().availableProcessors(),
                policy.isPublicOnly(),
                localSecrets);
    }

    /** As the build named it. */
    static String version() {
        return Optional.ofNullable(HostFacts.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /** Without asking the network: a resolver that doesn't answer would hold up the start. */
    static String hostName() {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .or(HostFacts::nameInFile)
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .orElse("localhost");
    }

    private static Optional<String> nameInFile() {
        try {
            return Optional.of(Files.readString(Path.of("/etc/hostname"), StandardCharsets.UTF_8))
                    .filter(name -> !name.isBlank());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    private static boolean hasAddress(Class<? extends InetAddress> family, AddressPolicy policy) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> family.isInstance(address) && leadsAnywhere(address, policy));
        } catch (SocketException untold) {
            return true;
        }
    }

    /**
     * Whether a host that has this address may meet others of its family. Nearly every host has {@code ::1} and a
     * link-local address: these count only where the agent may check what is there.
     */
    static boolean leadsAnywhere(InetAddress address, AddressPolicy policy) {
        boolean everyHostHasIt =
                address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress();
        return !everyHostHasIt || policy.allows(address);
    }
}
