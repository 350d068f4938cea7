package io.postwatch.controller.gateway;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.postwatch.controller.enrolment.AgentChallenges;
import io.postwatch.controller.enrolment.AgentEndpoint;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.enrolment.CertificateRenewal;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.ServerIdentities;
import io.postwatch.controller.evaluation.Evaluation;
import io.postwatch.controller.evaluation.StoredLanes;
import io.postwatch.controller.gateway.gate.CallLimits;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.Attention;
import io.postwatch.controller.liveness.DeadControllers;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.shared.NanoTicker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The port agents dial. Starts when everything else stands and stops first: it asks the agents to come back elsewhere or
 * later, gives them a moment, and leaves their sessions in the database, where they don't count as lost for a minute.
 */
@Component
class AgentServer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);
    /** 10,000 agents have to fit: what one may have on the way to this side. */
    private static final int WINDOW_BYTES = 128 * 1024;

    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
    private static final int MAX_METADATA_BYTES = 16 * 1024;
    private static final Duration KEEPALIVE = Duration.ofSeconds(20);
    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);
    /** Agents ping every 20 s; more often than this is abuse. */
    private static final Duration PERMITTED_PING = Duration.ofSeconds(10);
    /** An agent has one session and now and then one short call. */
    private static final int CALLS_PER_CONNECTION = 8;
    /** An agent says Hello as soon as it has the nonce. */
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(15);
    /** How often those that hold a session hear of it, and those that are silent are missed. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** An agent says what it applied at once; one that is this late has said it, and it was lost. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    /** As far as clocks of controllers may differ, and a look may be late; later each session is compared by itself. */
    private static final Duration ENDED_LATELY = Duration.ofMinutes(2);

    private final AgentEndpoint endpoint;
    private final GatewayProperties properties;
    private final CallLimitProperties limits;
    private final ServerIdentities identities;
    private final CertificateAuthority authority;
    private final AgentChallenges challenges;
    private final Enrolment enrolment;
    private final CertificateRenewal renewal;
    private final SessionWork work;
    private final SessionRegistry registry;
    private final SessionLedger ledger;
    private final Pulses pulses;
    private final Evaluation evaluation;
    private final InstantSource clock;
    private final NanoTicker ticker;
    private @Nullable Server server;
    private @Nullable ExecutorService executor;
    /** It never waits for the database: what it does is done however long others wait. */
    private @Nullable ScheduledExecutorService watch;

    private volatile boolean running;
    /** Of the watch. */
    private Attention hearing = Attention.UNBROKEN;
    /** Of the thread that compares with the database. */
    private Attention attention = Attention.UNBROKEN;

    AgentServer(
            AgentEndpoint endpoint,
            GatewayProperties properties,
            CallLimitProperties limits,
            ServerIdentities identities,
            CertificateAuthority authority,
            AgentChallenges challenges,
            Enrolment enrolment,
            CertificateRenewal renewal,
            SessionWork work,
            SessionRegistry registry,
            SessionLedger ledger,
            Pulses pulses,
            Evaluation evaluation,
            InstantSource clock,
            NanoTicker ticker) {
        this.endpoint = endpoint;
        this.properties = properties;
        this.limits = limits;
        this.identities = identities;
        this.authority = authority;
        this.challenges = challenges;
        this.enrolment = enrolment;
        this.renewal = renewal;
        this.work = work;
        this.registry = registry;
        this.ledger = ledger;
        this.pulses = pulses;
        this.evaluation = evaluation;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public synchronized void start() {
        registry.open();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("agent-", 0).factory());
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(endpoint.port()))
                    .sslContext(ServerTls.context(identities, authority, ticker))
                    .executor(threads)
                    .flowControlWindow(WINDOW_BYTES)
                    .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .maxInboundMetadataSize(MAX_METADATA_BYTES)
                    .maxConnectionIdle(properties.idleConnection().toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveTime(KEEPALIVE.toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveTimeout(KEEPALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                    .permitKeepAliveTime(PERMITTED_PING.toNanos(), TimeUnit.NANOSECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .intercept(new CertificateInterceptor())
                    .addService(new AgentGatewayService(
                            challenges,
                            enrolment,
                            renewal,
                            work,
                            registry,
                            new CallLimits(limits.rates(), ticker),
                            threads,
                            clock,
                            ticker))
                    .build()
                    .start();
        } catch (IOException e) {
            threads.close();
            throw new UncheckedIOException(
                    "Port " + endpoint.port() + " for agents (POSTWATCH_AGENT_PORT) can't be used", e);
        }
        executor = threads;
        running = true;
        LOG.info(
                "Agents are awaited on port {}; TLS by {}",
                port(),
                switch (ServerTls.provider()) {
                    case JDK -> "the JDK: BoringSSL can't be loaded here, and many agents cost more";
                    case OPENSSL, OPENSSL_REFCNT -> "BoringSSL";
                });
        watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("sessions-watch").daemon().factory());
        Future<?> _ = watch.scheduleWithFixedDelay(this::watch, LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
    }

    int port() {
        Server started = server;
        if (started == null) {
            throw new IllegalStateException("The port for agents is not open");
        }
        return started.getPort();
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (watch != null) {
            watch.shutdownNow();
        }
        Server started = server;
        ExecutorService threads = executor;
        if (started == null || threads == null) {
            return;
        }
        // Whoever has not gone by then is cut off.
        registry.drain(properties.drain());
        started.shutdown();
        try {
            if (!started.awaitTermination(properties.drain().toNanos(), TimeUnit.NANOSECONDS)) {
                started.shutdownNow();
                started.awaitTermination(properties.drain().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            started.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (!end(threads, properties.drain())) {
            LOG.warn("Some sessions still wait, probably for the database, and are left alone");
        }
        Thread farewell =
                Thread.ofVirtual().name("agents-farewell").start(() -> attempt("The last heartbeats", pulses::write));
        try {
            farewell.join(properties.drain());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server = null;
    }

    /**
     * Lets what runs come to its end, then interrupts it, and waits {@code each} for either.
     *
     * @return whether nothing runs any more; virtual threads that do keep no process alive
     */
    static boolean end(ExecutorService threads, Duration each) {
        threads.shutdown();
        try {
            if (threads.awaitTermination(each.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
            threads.shutdownNow();
            return threads.awaitTermination(each.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Scheduled(fixedDelayString = "PT10S")
    void writePulses() {
        if (running) {
            attempt("The last heartbeats", pulses::write);
        }
    }

    private void watch() {
        try {
            endSilentSessions();
        } catch (RuntimeException | Error e) {
            // One that is thrown would be the last look.
            LOG.error("The sessions could not be looked at; the next look comes", e);
        }
    }

    /** What needs no database. */
    synchronized void endSilentSessions() {
        if (running) {
            registry.reassure();
            hearing = hearing.look(ticker.nanos());
            // After a pause of this process, what agents said meanwhile waits to be heard.
            if (hearing.hasLasted(properties.silence())) {
                registry.endSilent(properties.silence());
            }
            if (hearing.hasLasted(HELLO_WITHIN)) {
                registry.endUngreeted(HELLO_WITHIN, properties.judgedWithin());
            }
        }
    }

    @Scheduled(fixedDelayString = "PT5S")
    void compareWithDatabase() {
        if (running) {
            attempt("The sessions", () -> {
                Collection<SessionCall> held = registry.all();
                List<AgentSession> sessions = registry.sessions(held);
                registry.reconcile(held, ledger.standing(sessions), ANSWER_WITHIN);
                closeAbandoned(sessions);
            });
        }
    }

    /**
     * Agents whose sessions ended here, when the database could not be told, may wait for the end of their back-off: they
     * have as long as those of a dead controller to come again, from when somebody could look. An agent of a session that
     * is held here is not concerned: its silence is noticed after three heartbeats, or its dead connection by keep-alive.
     */
    private void closeAbandoned(List<AgentSession> held) {
        attention = attention.look(ticker.nanos());
        if (!attention.hasLasted(DeadControllers.GRACE)) {
            return;
        }
        int abandoned = ledger.closeAbandoned(held, DeadControllers.GRACE);
        if (abandoned > 0) {
            LOG.info("{} sessions are closed whose end could not be written before", abandoned);
        }
    }

    /** Every second: who was revoked, replaced or locked elsewhere goes also where the note of it is lost. */
    @Scheduled(fixedDelayString = "PT1S")
    void endLockedOut() {
        if (running) {
            attempt("Who is not let in any more", () -> registry.endAll(ledger.endedWithin(ENDED_LATELY)));
        }
    }

    /** Several times a second: a change that another controller made reaches its agents also where its note is lost. */
    @Scheduled(fixedDelayString = "PT0.4S")
    void catchUpWithPlans() {
        if (running) {
            attempt("What agents are to run", () -> registry.catchUp(ledger.behind()));
        }
    }

    /** An agent keeps what is acked for ten minutes: long enough for several of these looks. */
    @Scheduled(fixedDelayString = "PT30S")
    void lookForLostResults() {
        if (running) {
            attempt("What is stored of each lane", () -> {
                Map<AgentSession, SessionCall> told = new HashMap<>();
                List<StoredLanes> lanes = new ArrayList<>();
                for (SessionCall call : registry.all()) {
                    call.storedLanes().ifPresent(stored -> {
                        told.put(stored.session(), call);
                        lanes.add(stored);
                    });
                }
                List<StoredLanes> lost = evaluation.setBack(lanes);
                if (!lost.isEmpty()) {
                    LOG.warn(
                            "The database has lost results that were stored; {} agents are asked for them again",
                            lost.size());
                    registry.setBack(lost.stream()
                            .map(StoredLanes::session)
                            .map(told::get)
                            .filter(Objects::nonNull)
                            .toList());
                }
            });
        }
    }

    private static void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be brought together with the database; the next try comes", what, e);
        }
    }
}
