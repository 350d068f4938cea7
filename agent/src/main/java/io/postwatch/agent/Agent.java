package io.postwatch.agent;

import io.postwatch.agent.assignment.AssignmentStore;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.AgentKeys;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.AgentFacts;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.ControllerLink;
import io.postwatch.agent.link.Enrolment;
import io.postwatch.agent.link.LeaseDesk;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.SealedLogins;
import io.postwatch.agent.link.SessionParts;
import io.postwatch.agent.link.SpoolRecorder;
import io.postwatch.agent.link.StateDesk;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.link.mapping.WireStateCodec;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.login.GuardedLeases;
import io.postwatch.agent.login.LoginPauses;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.TextLookup;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.schedule.CheckRunner;
import io.postwatch.agent.schedule.ControllerClock;
import io.postwatch.agent.schedule.Scheduler;
import io.postwatch.agent.schedule.TestRuns;
import io.postwatch.agent.selfcheck.BlameCheck;
import io.postwatch.agent.selfcheck.Egress;
import io.postwatch.agent.selfcheck.EgressCheck;
import io.postwatch.agent.spool.Spool;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An enrolled agent at work: everything wired, from start to {@link #close}. */
final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** For runs that go on when the agent stops: most take less, and a container is killed ten seconds after it was told. */
    private static final Duration RUN_PATIENCE = Duration.ofSeconds(5);

    /** For the last results to be acked; what isn't goes with the next start. */
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Spool spool;
    private final Scheduler scheduler;
    private final EgressCheck egressCheck;
    private final ControllerLink link;
    private final ControllerClock clock;
    private final NanoTicker ticker;

    private Agent(
            Spool spool,
            Scheduler scheduler,
            EgressCheck egressCheck,
            ControllerLink link,
            ControllerClock clock,
            NanoTicker ticker) {
        this.spool = spool;
        this.clock = clock;
        this.scheduler = scheduler;
        this.egressCheck = egressCheck;
        this.link = link;
        this.ticker = ticker;
    }

    /** What an agent is made of that tests replace. */
    record Surroundings(
            InstantSource wallClock,
            NanoTicker ticker,
            SecureRandom random,
            Probe probe,
            TextLookup texts,
            Backoff backoff) {}

    static Agent start(
            AgentConfiguration configuration,
            PrivateFolder folder,
            IdentityStore identity,
            Credentials credentials,
            LocalSecrets localSecrets,
            Supplier<AgentFacts> facts,
            Surroundings around)
            throws IOException, SQLException, GeneralSecurityException {
        AgentKeys keys = identity.keys();
        String version = facts.get().version();
        ControllerClock clock = new ControllerClock(around.ticker(), around.wallClock(), folder);
        Supplier<UUID> ids =
                () -> new UUID(around.random().nextLong(), around.random().nextLong());
        Spool spool = new Spool(folder, configuration.spool(), clock, ids);
        clock.recall(spool::newestScheduledAt);
        SealedLogins logins = new SealedLogins(keys.secretOpener(credentials.agent()), localSecrets);
        // The link sends what the schedule records, and the schedule runs what the link brings.
        AtomicReference<Runnable> wake = new AtomicReference<>(() -> {});
        Egress egress = new Egress(configuration.egress(), around.ticker());
        EgressCheck egressCheck = new EgressCheck(around.probe(), configuration.egress(), egress, around.ticker());
        LeaseDesk leases =
                new LeaseDesk(around.ticker(), ids, configuration.schedule().concurrentRuns() / 4);
        CheckRunner checks = new CheckRunner(
                new BlameCheck(around.probe(), egress),
                logins,
                new GuardedLeases(leases, new LoginPauses(folder, clock)));
        Scheduler scheduler = new Scheduler(
                checks,
                new SpoolRecorder(spool, () -> wake.get().run()),
                clock,
                around.ticker(),
                configuration.schedule(),
                ids);
        AssignmentStore store = new AssignmentStore(
                folder,
                identity.storageKey(),
                around.random(),
                new WireStateCodec(version + localSecrets.fingerprint(), logins),
                clock,
                configuration.assignmentsMaxAge());
        SessionParts parts = new SessionParts(
                keys,
                facts,
                new StateDesk(store, scheduler, logins),
                scheduler,
                new TestRuns(checks, clock, around.ticker(), configuration.schedule()),
                around.texts(),
                leases,
                spool,
                egress,
                clock,
                around.wallClock(),
                around.ticker(),
                around.random());
        GatewayChannels channels = new GatewayChannels(configuration.proxy());
        ControllerLink link = new ControllerLink(
                parts, credentials, identity, channels, new Enrolment(identity, version, channels), around.backoff());
        wake.set(link::wake);
        link.start();
        egressCheck.start();
        return new Agent(spool, scheduler, egressCheck, link, clock, around.ticker());
    }

    boolean isConnected() {
        return link.isConnected();
    }

    /** Completed once another host is this agent, which is not needed any more then. */
    CompletableFuture<RefusedException> dismissal() {
        return link.dismissal();
    }

    /**
     * Finishes what runs, sends what there is to send, says good-bye. Takes nine seconds at most where the disk is well:
     * five for runs, which are then cut off and told as skipped, two for acks, two for the good-bye.
     */
    @Override
    public void close() {
        LOG.info("Stopping: waiting for runs to end");
        egressCheck.close();
        scheduler.stop(RUN_PATIENCE);
        scheduler.close();
        link.wake();
        awaitAcks();
        link.close();
        clock.keepNow();
        spool.close();
        LOG.info("Stopped; {} results wait for the next start", spool.unackedRows());
    }

    private void awaitAcks() {
        long end = ticker.nanos() + SEND_PATIENCE.toNanos();
        try {
            while (link.isConnected() && spool.unackedRows() > 0 && ticker.nanos() - end < 0) {
                SystemClocks.pause(LOOK);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
