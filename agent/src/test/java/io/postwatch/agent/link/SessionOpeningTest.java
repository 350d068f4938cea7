package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.postwatch.agent.assignment.AssignmentStore;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.channel.GatewayChannel;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.link.mapping.WireStateCodec;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.schedule.CheckRunner;
import io.postwatch.agent.schedule.ControllerClock;
import io.postwatch.agent.schedule.ScheduleLimits;
import io.postwatch.agent.schedule.Scheduler;
import io.postwatch.agent.schedule.TestRuns;
import io.postwatch.agent.selfcheck.Egress;
import io.postwatch.agent.selfcheck.EgressHosts;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a session opens over a real connection: worked by the test's own thread, in a time that the test moves. */
@Timeout(60)
class SessionOpeningTest {

    private static final long BEGIN = 1_000_000_000_000L;

    /** How often a session looks at the time. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** How often this controller says that a hello waits. */
    private static final Duration QUEUED = Duration.ofSeconds(10);

    @TempDir
    Path home;

    private final AtomicLong nanos = new AtomicLong(BEGIN);
    private final NanoTicker ticker = nanos::get;
    private final Instant wallAtBegin = Instant.now();
    private final InstantSource wall = () -> wallAtBegin.plusNanos(nanos.get() - BEGIN);
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicBoolean welcomed = new AtomicBoolean();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private int said;
    private @Nullable SessionEnd end;
    private ScriptedController controller;
    private ControllerClock clock;
    private Session session;
    private Conversation conversation;

    /** The agent has said its hello, and was told that it waits. */
    @BeforeEach
    void open() throws Exception {
        controller = new ScriptedController(new TestAuthority("platform"));
        opened.add(controller);
        controller.letHellosWait();
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        clock = new ControllerClock(ticker, wall, folder);
        SecureRandom random = new SecureRandom();
        IdentityStore identity = new IdentityStore(folder, random);
        GatewayChannels channels = new GatewayChannels(null);
        Credentials credentials =
                new Enrolment(identity, "1.2.3", channels).enrol(controller.address(), controller.token(), "host-a");
        GatewayChannel channel = channels.forSession(credentials, wall);
        opened.add(channel);
        session = new Session(
                Session.Bearer.of(credentials),
                1,
                parts(folder, identity, credentials, random),
                _ -> welcomed.set(true));
        session.open(channel.streams().withInterceptors(new CountingMessages()));
        work(() -> !controller.conversations().isEmpty());
        conversation = controller.conversations().getFirst();
        // The challenge, and that the hello waits.
        said = 2;
        hear();
    }

    private SessionParts parts(
            PrivateFolder folder, IdentityStore identity, Credentials credentials, SecureRandom random)
            throws Exception {
        Spool spool = new Spool(folder, SpoolBounds.DEFAULT, clock, UUID::randomUUID);
        opened.add(spool);
        SealedLogins logins = new SealedLogins(
                identity.keys().secretOpener(credentials.agent()),
                new LocalSecrets(Map.of(), variable -> null, ticker));
        CheckRunner checks = new CheckRunner(
                (_, _) -> {
                    throw new AssertionError("nothing is assigned");
                },
                logins,
                LoginLeases.NONE);
        Scheduler scheduler = new Scheduler(checks, _ -> {}, clock, ticker, ScheduleLimits.DEFAULT, UUID::randomUUID);
        opened.add(scheduler);
        AssignmentStore store = new AssignmentStore(
                folder, identity.storageKey(), random, new WireStateCodec("1.2.3", logins), clock, Duration.ofDays(7));
        AgentFacts facts = new AgentFacts(
                "1.2.3", UUID.randomUUID(), "host-a", "Linux", "amd64", true, false, 100, true, List.of());
        return new SessionParts(
                identity.keys(),
                () -> facts,
                new StateDesk(store, scheduler, logins),
                scheduler,
                new TestRuns(checks, clock, ticker, ScheduleLimits.DEFAULT),
                (_, _) -> {
                    throw new AssertionError("nothing is looked up");
                },
                new LeaseDesk(ticker, UUID::randomUUID, 1),
                spool,
                new Egress(EgressHosts.NONE, ticker),
                clock,
                wall,
                ticker,
                random);
    }

    @AfterEach
    void close() throws Exception {
        session.stop();
        work();
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void theHelloSaysThatItsHostKeepsItToPublicAddresses() {
        assertThat(conversation
                        .await(AgentMessage::hasHello)
                        .getHello()
                        .getCapabilities()
                        .getPublicAddressesOnly())
                .isTrue();
    }

    @Test
    void aHelloThatWaitsForItsTurnIsWelcomedWhenItHasIt() {
        for (int times = 0; times < 50; times++) {
            pass(QUEUED);
            sayQueued();
        }
        assertThat(end).isNull();
        assertThat(welcomed).isFalse();
        letIn();
        assertThat(welcomed).isTrue();
        assertThat(conversation.await(AgentMessage::hasHeartbeat).getHeartbeat().getNumber())
                .isOne();
        assertThat(end).isNull();
    }

    @Test
    void aHelloThatOnlyEverWaitsIsGivenUpInTheEnd() {
        for (Duration waited = Duration.ZERO;
                waited.compareTo(SessionRules.QUEUE_PATIENCE) < 0;
                waited = waited.plus(QUEUED)) {
            pass(QUEUED);
            sayQueued();
        }
        assertThat(nanos.get() - BEGIN).isEqualTo(SessionRules.QUEUE_PATIENCE.toNanos());
        assertThat(end).isNull();
        pass(TICK);
        assertThat(end).isEqualTo(new SessionEnd.GivenUp("the hello waited for its turn for 10 minutes"));
        await().until(conversation::isOver);
    }

    @Test
    void aHelloThatIsNotHeardOfAgainIsGivenUpSooner() {
        pass(QUEUED);
        sayQueued();
        pass(SessionRules.OPENING_PATIENCE);
        assertThat(end).isNull();
        pass(TICK);
        assertThat(end).isEqualTo(new SessionEnd.GivenUp("the controller did not open the session in time"));
        await().until(conversation::isOver);
    }

    @Test
    void aPromptWelcomeTellsTheTime() {
        controller.answerHeartbeats(false);
        assertThat(clock.isConfirmed()).isFalse();
        pass(Duration.ofSeconds(2));
        letIn();
        assertThat(clock.isConfirmed()).isTrue();
    }

    /** Half of what the welcome took is the most that its time is wrong by; the first heartbeat says more. */
    @Test
    void ofAWelcomeThatTookLongerTheTimeIsNotTaken() {
        controller.answerHeartbeats(false);
        pass(Duration.ofSeconds(2).plusNanos(1));
        letIn();
        assertThat(welcomed).isTrue();
        assertThat(clock.isConfirmed()).isFalse();

        controller.answerHeartbeats(true);
        pass(Duration.ofSeconds(1));
        work(clock::isConfirmed);
    }

    static Stream<ControllerMessage> noWelcomes() {
        return SessionRulesTest.everyMessage().stream()
                .filter(message -> message.hasChallenge() || message.hasSnapshot() || message.hasAck());
    }

    @ParameterizedTest
    @MethodSource("noWelcomes")
    void whatIsNoWelcomeIsRefusedWithAGoodbyeThatSaysSo(ControllerMessage message) {
        say(message);
        assertRefused("The controller did not answer the hello with a welcome.");
        assertThat(welcomed).isFalse();
    }

    static Stream<ControllerMessage> greetings() {
        return SessionRulesTest.everyMessage().stream()
                .filter(message -> message.hasChallenge() || message.hasWelcome() || message.hasQueued());
    }

    @ParameterizedTest
    @MethodSource("greetings")
    void aSecondGreetingIsRefusedWithAGoodbyeThatSaysSo(ControllerMessage message) {
        controller.answerHeartbeats(false);
        letIn();
        say(message);
        assertRefused("The controller greeted twice.");
    }

    private void assertRefused(String why) {
        assertThat(end).isEqualTo(new SessionEnd.GivenUp(why));
        assertThat(conversation.await(AgentMessage::hasGoodbye).getGoodbye())
                .isEqualTo(Goodbye.newBuilder()
                        .setReason(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR)
                        .setMessage(why)
                        .build());
        await().until(conversation::isOver);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        work();
    }

    private void say(ControllerMessage message) {
        conversation.say(message);
        said++;
        hear();
    }

    private void sayQueued() {
        conversation.sayQueued();
        said++;
        hear();
    }

    private void letIn() {
        conversation.letIn();
        said++;
        hear();
    }

    /** Works until all is heard that the test had the controller say. */
    private void hear() {
        work(() -> heard.get() >= said);
        work();
    }

    private void work(BooleanSupplier until) {
        await().pollInSameThread().pollInterval(Duration.ofMillis(2)).until(() -> {
            work();
            return until.getAsBoolean();
        });
    }

    private void work() {
        session.work().ifPresent(how -> end = how);
    }

    /** Counts what came, once the session has it in its queue. */
    private final class CountingMessages implements ClientInterceptor {

        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onMessage(A message) {
                                    super.onMessage(message);
                                    heard.incrementAndGet();
                                }
                            },
                            headers);
                }
            };
        }
    }
}
