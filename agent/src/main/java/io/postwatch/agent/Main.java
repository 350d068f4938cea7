package io.postwatch.agent;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.AgentFacts;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.Enrolment;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.run.MailProbe;
import io.postwatch.agent.probe.time.NanoTicker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of the agent. Exit codes: 0 done, 1 failed inside, 2 wrong usage or configuration, 3 refused by the
 * controller, 4 the controller can't be reached.
 */
@Command(
        name = "postwatch-agent",
        description = "Runs checks of mail servers from this place and tells a Postwatch controller what they find.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {Main.Enrol.class, Main.Run.class})
public final class Main {

    static final int FAILED = 1;
    static final int MISCONFIGURED = 2;
    static final int REFUSED = 3;
    static final int UNREACHABLE = 4;

    private Main() {}

    /** Called by the Java launcher. */
    public static void main(String[] arguments) {
        LogOutput.begin();
        System.exit(commandLine(System.err).execute(arguments));
    }

    static CommandLine commandLine(PrintStream errors) {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, command, parsed) -> {
            errors.println("postwatch-agent: " + sentence(failure));
            return exitCode(failure);
        });
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case ConfigurationException misconfigured -> String.valueOf(misconfigured.getMessage());
            case RefusedException refused -> String.valueOf(refused.getMessage());
            case IOException disk -> "The agent's files can't be used: " + disk + ".";
            case SQLException disk -> "The agent's spool can't be used: " + disk.getMessage() + ".";
            default -> "The agent failed inside: " + failure + ".";
        };
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case ConfigurationException _ -> MISCONFIGURED;
            case RefusedException refused -> refused.isForGood() ? REFUSED : UNREACHABLE;
            default -> FAILED;
        };
    }

    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"postwatch-agent " + HostFacts.version()};
        }
    }

    /** The options that both commands have; each also as an environment variable. */
    static final class Common {

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "${env:POSTWATCH_CONFIG}",
                description = "Configuration file (POSTWATCH_CONFIG).")
        @Nullable
        Path file;

        @Option(
                names = "--state",
                paramLabel = "DIR",
                defaultValue = "${env:POSTWATCH_STATE}",
                description = "The agent's own folder: identity, assignments, unsent results (POSTWATCH_STATE).")
        @Nullable
        Path state;

        @Option(
                names = "--controller",
                paramLabel = "HOST:PORT",
                defaultValue = "${env:POSTWATCH_CONTROLLER}",
                description = "Where the controller listens for agents (POSTWATCH_CONTROLLER).")
        @Nullable
        String controller;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = "${env:POSTWATCH_NAME}",
                description = "Name proposed at enrolment; the host's name where it is absent (POSTWATCH_NAME).")
        @Nullable
        String name;

        @Option(
                names = "--token",
                paramLabel = "pwe_…",
                defaultValue = "${env:POSTWATCH_ENROL_TOKEN}",
                description = "One-time enrolment token (POSTWATCH_ENROL_TOKEN). Others on this host can read a command"
                        + " line: prefer the file.")
        @Nullable
        String token;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                defaultValue = "${env:POSTWATCH_ENROL_TOKEN_FILE}",
                description = "File that holds the token (POSTWATCH_ENROL_TOKEN_FILE).")
        @Nullable
        Path tokenFile;

        AgentConfiguration configuration() throws ConfigurationException {
            return AgentConfiguration.read(
                    new AgentConfiguration.Options(file, state, controller, name), HostFacts.hostName());
        }

        Optional<EnrolmentToken> token() throws ConfigurationException {
            String text = token;
            Path path = tokenFile;
            try {
                if (text == null && path != null) {
                    text = Files.readString(path, StandardCharsets.US_ASCII);
                }
                return Optional.ofNullable(text).filter(some -> !some.isBlank()).map(EnrolmentToken::parse);
            } catch (IOException unreadable) {
                throw new ConfigurationException("The token file " + path + " can't be read.", unreadable);
            } catch (IllegalArgumentException malformed) {
                throw new ConfigurationException("The token is not right: " + malformed.getMessage() + ".", malformed);
            }
        }
    }

    /** What a command works with once it holds the state folder. */
    private record Held(AgentConfiguration configuration, PrivateFolder folder, IdentityStore identity) {

        Credentials enrol(EnrolmentToken token, String version) throws Exception {
            io.postwatch.agent.identity.ControllerAddress controller = configuration.controller();
            if (controller == null) {
                throw new ConfigurationException(
                        "To enrol, the agent needs the controller's address: give --controller HOST:PORT.");
            }
            return new Enrolment(identity, version).enrol(controller, token, configuration.name());
        }
    }

    private interface WorkOnFolder {

        int with(Held held) throws Exception;
    }

    private static int holding(Common common, WorkOnFolder work) throws Exception {
        AgentConfiguration configuration = common.configuration();
        PrivateFolder folder = PrivateFolder.open(configuration.state());
        try (PrivateFolder.Hold hold = folder.hold()
                .orElseThrow(() -> new ConfigurationException(
                        "Another agent already uses the folder " + folder + ": every agent needs its own."))) {
            java.util.Objects.requireNonNull(hold);
            return work.with(new Held(configuration, folder, new IdentityStore(folder, new SecureRandom())));
        }
    }

    /** {@code postwatch-agent enrol}. */
    @Command(
            name = "enrol",
            description = "Makes this host an agent, once, with a token from the console.",
            mixinStandardHelpOptions = true)
    static final class Enrol implements Callable<Integer> {

        @CommandLine.Mixin
        private final Common common = new Common();

        @Override
        public Integer call() throws Exception {
            EnrolmentToken token = common.token()
                    .orElseThrow(() -> new ConfigurationException(
                            "To enrol, the agent needs a token from the console: give --token or --token-file."));
            return holding(common, held -> {
                Credentials credentials = held.enrol(token, HostFacts.version());
                System.err.println(
                        "Enrolled as " + credentials.agentName() + " of " + credentials.locationName() + ".");
                return 0;
            });
        }
    }

    /** {@code postwatch-agent run}. */
    @Command(
            name = "run",
            description = "Runs the agent until it is told to stop. With a token, an agent that isn't enrolled enrols.",
            mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {

        private static final Logger LOG = LoggerFactory.getLogger(Run.class);

        @CommandLine.Mixin
        private final Common common = new Common();

        @Override
        public Integer call() throws Exception {
            return holding(common, held -> {
                SecureRandom random = new SecureRandom();
                AgentFacts facts = HostFacts.read(new UUID(random.nextLong(), random.nextLong()));
                Credentials credentials = credentials(held, facts.version(), random);
                awaitSignal(start(held, credentials, facts, random));
                return 0;
            });
        }

        private Credentials credentials(Held held, String version, SecureRandom random) throws Exception {
            Optional<Credentials> known = held.identity().credentials();
            io.postwatch.agent.identity.ControllerAddress controller =
                    held.configuration().controller();
            if (known.isPresent()) {
                return controller == null ? known.get() : known.get().withController(controller);
            }
            EnrolmentToken token = common.token()
                    .orElseThrow(() -> new ConfigurationException(
                            "This agent isn't enrolled yet: give --token (from the console) and --controller."));
            for (int failures = 1; ; failures++) {
                try {
                    Credentials credentials = held.enrol(token, version);
                    LOG.info("Enrolled as {} of {}", credentials.agentName(), credentials.locationName());
                    return credentials;
                } catch (RefusedException failed) {
                    if (failed.isForGood()) {
                        throw failed;
                    }
                    Duration wait = Backoff.DEFAULT.delay(failures, random.nextDouble());
                    LOG.warn("{} (next attempt in {} ms)", failed.getMessage(), wait.toMillis());
                    TimeUnit.NANOSECONDS.sleep(wait.toNanos());
                }
            }
        }

        private static Agent start(Held held, Credentials credentials, AgentFacts facts, SecureRandom random)
                throws IOException, SQLException, GeneralSecurityException {
            // The native library is unpacked where this agent may write in any case, and stays there after a kill.
            held.folder().deleteLeftovers("sqlite-");
            System.setProperty("org.sqlite.tmpdir", held.configuration().state().toString());
            InstantSource wallClock = SystemClocks.wall();
            NanoTicker ticker = SystemClocks.monotonic();
            ProbeConfiguration probe = held.configuration().probe();
            MailProbe prober = new MailProbe(
                    new HostAddressPolicy(probe.allowed(), probe.denied()),
                    probe.ehloName(),
                    wallClock,
                    ticker,
                    probe.extraAuthorities());
            LOG.info(
                    "Agent {} of controller {}, version {}",
                    credentials.agent(),
                    credentials.controller(),
                    facts.version());
            return Agent.start(
                    held.configuration(),
                    held.folder(),
                    held.identity(),
                    credentials,
                    facts,
                    new Agent.Surroundings(wallClock, ticker, random, prober, Backoff.DEFAULT));
        }

        /** Returns when the process was told to stop and the agent is closed. */
        private static void awaitSignal(Agent agent) throws InterruptedException {
            CountDownLatch told = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
                        agent.close();
                        told.countDown();
                    }));
            told.await();
        }
    }
}
