package io.postwatch.agent;

import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.address.PublicAddressPolicy;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the probes of this host may do, and as whom.
 *
 * @param reach who chooses the targets
 * @param allowed address ranges to check besides the default, which is everything but this host itself, link-local
 *     addresses and cloud metadata services; the longest matching range decides. Empty for public agents
 * @param denied address ranges never to check
 * @param extraAuthorities authorities to trust in checked servers' certificates, besides those of the Java platform
 * @param ehloName with which this agent introduces itself to SMTP servers
 */
record ProbeConfiguration(
        Reach reach,
        List<CidrBlock> allowed,
        List<CidrBlock> denied,
        List<X509Certificate> extraAuthorities,
        MailHost ehloName) {

    /** Whom an agent serves, and with that where it may connect to. The host decides; no controller can widen it. */
    enum Reach {
        /** Its owner: networks of his own are the point. */
        PRIVATE,
        /** Anybody: public addresses and the ports of mail only. */
        PUBLIC
    }

    ProbeConfiguration {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
        extraAuthorities = List.copyOf(extraAuthorities);
    }

    /** @param policy what the command line says of the reach; null: nothing */
    static ProbeConfiguration read(ConfigurationFile file, @Nullable String policy, String hostName)
            throws ConfigurationException {
        Optional<MailHost> ehloName = file.value("smtp.ehlo-name", MailHost::new);
        Optional<Path> authorities = file.value("tls.extra-ca-file", Path::of);
        Optional<Reach> inFile = file.value("addresses.policy", ProbeConfiguration::reach);
        Reach reach = given(policy).or(() -> inFile).orElse(Reach.PRIVATE);
        List<CidrBlock> allowed = file.list("addresses.allow", CidrBlock::of);
        if (reach == Reach.PUBLIC && !allowed.isEmpty()) {
            throw new ConfigurationException("\"addresses.allow\" has no place beside \"addresses.policy = public\":"
                    + " nothing lifts what is denied to public agents.");
        }
        return new ProbeConfiguration(
                reach,
                allowed,
                file.list("addresses.deny", CidrBlock::of),
                authorities.isPresent() ? CertificateFile.read(authorities.get(), "tls.extra-ca-file") : List.of(),
                ehloName.orElseGet(() -> asHost(hostName)));
    }

    /** Which addresses and ports the prober may connect to. */
    AddressPolicy addressPolicy() {
        return switch (reach) {
            case PRIVATE -> new HostAddressPolicy(allowed, denied);
            case PUBLIC -> new PublicAddressPolicy(denied);
        };
    }

    private static Optional<Reach> given(@Nullable String policy) throws ConfigurationException {
        try {
            return Optional.ofNullable(policy).map(ProbeConfiguration::reach);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("With --addresses-policy, " + malformed.getMessage() + ".", malformed);
        }
    }

    private static Reach reach(String text) {
        return switch (text) {
            case "private" -> Reach.PRIVATE;
            case "public" -> Reach.PUBLIC;
            default -> throw new IllegalArgumentException("write private or public");
        };
    }

    private static MailHost asHost(String hostName) {
        try {
            return new MailHost(hostName);
        } catch (IllegalArgumentException notForDns) {
            return new MailHost("localhost");
        }
    }
}
