package io.postwatch.agent;

import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.localsecret.LocalSecret;
import io.postwatch.agent.localsecret.LocalSecretName;
import io.postwatch.agent.schedule.ScheduleLimits;
import io.postwatch.agent.selfcheck.EgressHosts;
import io.postwatch.agent.spool.SpoolBounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything an agent is told by its host: what the command line says precedes what the file says.
 *
 * @param state the folder with its identity, its assignments and its spool
 * @param controller where to connect; null: where it enrolled
 * @param proxy on the way to the controller; null: directly. Checks never use it
 * @param name proposed to the controller at enrolment
 * @param secrets that monitors may log in with by their names
 * @param assignmentsMaxAge for how long an agent that starts without a controller still runs what it was assigned last
 */
record AgentConfiguration(
        Path state,
        @Nullable ControllerAddress controller,
        @Nullable ControllerProxy proxy,
        String name,
        ProbeConfiguration probe,
        Map<LocalSecretName, LocalSecret> secrets,
        EgressHosts egress,
        SpoolBounds spool,
        ScheduleLimits schedule,
        Duration assignmentsMaxAge) {

    /** Longer than the spool keeps results: whatever such an agent still finds out can be told. */
    static final Duration ASSIGNMENTS_MAX_AGE = Duration.ofDays(7);

    AgentConfiguration {
        secrets = Map.copyOf(secrets);
        if (!assignmentsMaxAge.isPositive()) {
            throw new IllegalArgumentException("assignments are kept for some time");
        }
    }

    /** What the command line and the environment say; each may be absent. */
    record Options(
            @Nullable Path file,
            @Nullable Path state,
            @Nullable String controller,
            ProxyConfiguration.Options proxy,
            @Nullable String addressesPolicy,
            @Nullable String name) {}

    static AgentConfiguration read(Options options, String hostName) throws ConfigurationException {
        Path path = options.file();
        ConfigurationFile file = path == null ? ConfigurationFile.none() : ConfigurationFile.read(path);
        Optional<Path> state = file.value("state", Path::of);
        Optional<ControllerAddress> controller = file.value("controller", ControllerAddress::parse);
        ControllerProxy proxy = ProxyConfiguration.read(file, options.proxy());
        Optional<String> name = file.text("name");
        ProbeConfiguration probe = ProbeConfiguration.read(file, options.addressesPolicy(), hostName);
        Map<LocalSecretName, LocalSecret> secrets = SecretConfiguration.read(file, probe.reach());
        EgressHosts egress = egress(file);
        SpoolBounds spool = spool(file);
        ScheduleLimits schedule = schedule(file);
        Duration maxAge =
                file.value("assignments.max-age", AgentConfiguration::maxAge).orElse(ASSIGNMENTS_MAX_AGE);
        file.refuseUnknownKeys();
        Path folder = options.state() == null ? state.orElse(null) : options.state();
        if (folder == null) {
            throw new ConfigurationException(
                    "The agent needs a folder of its own: give --state, POSTWATCH_STATE or \"state\" in the file.");
        }
        return new AgentConfiguration(
                folder,
                address(options.controller()).or(() -> controller).orElse(null),
                proxy,
                Optional.ofNullable(options.name()).or(() -> name).orElse(hostName),
                probe,
                secrets,
                egress,
                spool,
                schedule,
                maxAge);
    }

    private static Optional<ControllerAddress> address(@Nullable String text) throws ConfigurationException {
        try {
            return Optional.ofNullable(text).map(ControllerAddress::parse);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("With --controller, " + malformed.getMessage() + ".", malformed);
        }
    }

    private static Duration maxAge(String text) {
        Duration age = ConfigurationFile.time(text);
        if (!age.isPositive()) {
            throw new IllegalArgumentException("assignments are kept for some time, write 7d for example");
        }
        return age;
    }

    private static EgressHosts egress(ConfigurationFile file) throws ConfigurationException {
        try {
            return new EgressHosts(file.list("egress.smtp-hosts", EgressHosts.Host::of));
        } catch (IllegalArgumentException outOfRange) {
            throw new ConfigurationException(
                    "The hosts of \"egress.smtp-hosts\" are not right: " + outOfRange.getMessage() + ".", outOfRange);
        }
    }

    private static SpoolBounds spool(ConfigurationFile file) throws ConfigurationException {
        SpoolBounds normal = SpoolBounds.DEFAULT;
        try {
            return new SpoolBounds(
                    file.value("spool.max-size", ConfigurationFile::bytes).orElse(normal.bytes()),
                    file.value("spool.max-age", ConfigurationFile::time).orElse(normal.age()),
                    normal.liveAge(),
                    normal.ackedAge(),
                    normal.certificates());
        } catch (IllegalArgumentException outOfRange) {
            throw new ConfigurationException(
                    "The bounds of the spool are not right: " + outOfRange.getMessage() + ".", outOfRange);
        }
    }

    private static ScheduleLimits schedule(ConfigurationFile file) throws ConfigurationException {
        ScheduleLimits normal = ScheduleLimits.DEFAULT;
        try {
            return new ScheduleLimits(
                    file.value("runs.concurrent", ConfigurationFile::count).orElse(normal.concurrentRuns()),
                    normal.concurrentTests(),
                    file.value("runs.target-spacing", ConfigurationFile::time).orElse(normal.targetSpacing()),
                    normal.patience(),
                    normal.watchdog());
        } catch (IllegalArgumentException outOfRange) {
            throw new ConfigurationException(
                    "The limits of runs are not right: " + outOfRange.getMessage() + ".", outOfRange);
        }
    }
}
