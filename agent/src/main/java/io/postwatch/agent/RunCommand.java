package io.postwatch.agent;

import io.postwatch.agent.boringssl.BoringSsl;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.Enrolment;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.dns.DnsClient;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.run.MailProbe;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.tls.JdkTls;
import io.postwatch.agent.probe.tls.TlsLibrary;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code postwatch-agent run}. */
@Command(
        name = "run",
        description = "Runs the agent until it is told to stop. With a token, an agent that isn't enrolled enrols.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private final CommandOptions options = new CommandOptions();

    @Override
    public Integer call() throws Exception {
        SecureRandom random = new SecureRandom();
        return StateInUse.during(options.configuration(), random, state -> {
            Credentials credentials = credentials(state, HostFacts.version(), random);
            awaitSignal(start(state, credentials, random));
            return 0;
        });
    }

    private Credentials credentials(StateInUse state, String version, SecureRandom random) throws Exception {
        Optional<Credentials> known = state.identity().credentials();
        ControllerAddress controller = state.configuration().controller();
        if (known.isPresent()) {
            return controller == null ? known.get() : known.get().withController(controller);
        }
        EnrolmentToken token = options.token()
                .orElseThrow(() -> new ConfigurationException(
                        "This agent isn't enrolled yet: give --token (from the console) and --controller."));
        Enrolment enrolment = new Enrolment(
                state.identity(),
                version,
                new GatewayChannels(state.configuration().proxy()));
        Credentials credentials = new FirstEnrolment(
                        enrolment::enrol, controller, state.configuration().name())
                .enrolOnceAnswered(token, Backoff.DEFAULT, random, SystemClocks::pause);
        LOG.info("Enrolled as {} of {}", credentials.agentName(), credentials.locationName());
        return credentials;
    }

    private static Agent start(StateInUse state, Credentials credentials, SecureRandom random)
            throws IOException, SQLException, GeneralSecurityException {
        // Native libraries are unpacked where this agent may write in any case, and stay there after a kill.
        state.folder().deleteLeftovers("sqlite-");
        state.folder().deleteLeftovers("libio_grpc_netty_shaded_");
        String folder = state.configuration().state().toString();
        System.setProperty("org.sqlite.tmpdir", folder);
        System.setProperty("io.grpc.netty.shaded.io.netty.native.workdir", folder);
        InstantSource wallClock = SystemClocks.wall();
        NanoTicker ticker = SystemClocks.monotonic();
        ProbeConfiguration probe = state.configuration().probe();
        AddressPolicy policy = probe.addressPolicy();
        UUID bootId = new UUID(random.nextLong(), random.nextLong());
        MailProbe prober = new MailProbe(
                NameLookup.ofThisMachine(ticker),
                policy,
                probe.ehloName(),
                wallClock,
                ticker,
                probe.extraAuthorities(),
                tlsLibrary());
        LocalSecrets secrets = localSecrets(state.configuration(), ticker);
        LOG.info(
                "Agent {} of controller {}, version {}",
                credentials.agent(),
                way(credentials.controller(), state.configuration().proxy()),
                HostFacts.version());
        return Agent.start(
                state.configuration(),
                state.folder(),
                state.identity(),
                credentials,
                secrets,
                () -> HostFacts.read(bootId, policy, secrets.names()),
                new Agent.Surroundings(
                        wallClock, ticker, random, prober, DnsClient.textsOfThisMachine(ticker), Backoff.DEFAULT));
    }

    /** What is missing now may be there by the time of a run: it is told, and keeps nothing from starting. */
    private static LocalSecrets localSecrets(AgentConfiguration configuration, NanoTicker ticker) {
        LocalSecrets secrets = new LocalSecrets(configuration.secrets(), System::getenv, ticker);
        secrets.troubles().forEach(trouble -> LOG.warn("{} ({})", trouble.sentence(), trouble.detail()));
        return secrets;
    }

    private static String way(ControllerAddress controller, @Nullable ControllerProxy proxy) {
        return proxy == null ? controller.toString() : controller + " through " + proxy;
    }

    private static TlsLibrary tlsLibrary() {
        try {
            TlsLibrary library = new BoringSsl();
            LOG.info("Checks speak TLS by {}", library.name());
            return library;
        } catch (SSLException unavailable) {
            TlsLibrary library = new JdkTls();
            LOG.info(
                    "Checks speak TLS by {}: BoringSSL, which takes less, {}",
                    library.name(),
                    unavailable.getMessage());
            return library;
        }
    }

    /** Returns when the process was told to stop and the agent is closed, or throws why it is not needed any more. */
    private static void awaitSignal(Agent agent) throws InterruptedException, RefusedException {
        CountDownLatch over = new CountDownLatch(1);
        Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> {
            agent.close();
            over.countDown();
        });
        Runtime.getRuntime().addShutdownHook(stop);
        CompletableFuture<RefusedException> dismissal = agent.dismissal();
        CompletableFuture<Void> _ = dismissal.thenRun(over::countDown);
        over.await();
        if (dismissal.isDone() && !stop.isAlive()) {
            Runtime.getRuntime().removeShutdownHook(stop);
            agent.close();
            throw dismissal.join();
        }
    }
}
