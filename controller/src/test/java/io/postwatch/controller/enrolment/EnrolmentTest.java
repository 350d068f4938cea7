package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.Enrolment.Answer;
import io.postwatch.controller.enrolment.Enrolment.Answer.Enrolled;
import io.postwatch.controller.enrolment.Enrolment.Answer.Reason;
import io.postwatch.controller.enrolment.Enrolment.Answer.Refused;
import io.postwatch.controller.fleet.news.AgentEnrolled;
import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DatabaseTest
class EnrolmentTest {
    private final EnrolmentWorld world;
    private final TenantId tenant;
    private LocationId location = new LocationId(new UUID(0, 0));

    EnrolmentTest(ScopedDatabase database) {
        world = new EnrolmentWorld(database);
        tenant = database.newTenant();
    }

    @BeforeEach
    void addLocation() {
        location = world.addLocation(tenant, "Paris " + UUID.randomUUID());
    }

    @Test
    void aTokenBecomesAnIdentityWithACertificateOfThePlatform() throws Exception {
        TestAgentKeys keys = new TestAgentKeys();
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));

        Enrolled enrolled = enrolled(enrol(keys, token));

        var leaf = EnrolmentWorld.leaf(enrolled.certificate());
        leaf.verify(world.authority.roots().getFirst().getPublicKey());
        assertThat(leaf.getPublicKey()).isEqualTo(keys.tls().getPublic());
        assertThat(AgentCertificate.of(leaf))
                .contains(new AgentCertificate(
                        enrolled.agent(),
                        enrolled.certificate().serial(),
                        enrolled.certificate().tlsKey()));
        assertThat(leaf.getNotAfter().toInstant())
                .isEqualTo(world.clock.instant().plus(Duration.ofDays(7)));
        assertThat(enrolled.agentName()).isEqualTo("mail-host");
        assertThat(world.events).contains(new AgentEnrolled(tenant, enrolled.agent(), location));
    }

    @Test
    void aTokenIsUsedOnce() {
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        enrolled(enrol(new TestAgentKeys(), token));

        assertThat(enrol(new TestAgentKeys(), token)).satisfies(answer -> refused(answer, Reason.TOKEN_USED));
    }

    @Test
    void ofAHundredAgentsAtOnceOneWinsTheLastUse() throws Exception {
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        List<TestAgentKeys> agents =
                IntStream.range(0, 100).mapToObj(n -> new TestAgentKeys()).toList();

        List<Answer> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> tasks = agents.stream()
                    .<Callable<Answer>>map(keys -> () -> enrol(keys, token))
                    .toList();
            answers = threads.invokeAll(tasks).stream().map(Future::resultNow).toList();
        }

        assertThat(answers).filteredOn(Enrolled.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(Refused.class::isInstance)
                .hasSize(99)
                .allSatisfy(answer -> refused(answer, Reason.TOKEN_USED));
    }

    @Test
    void theSameKeyGetsItsAnswerAgainWithoutAnotherUse() {
        TestAgentKeys keys = new TestAgentKeys();
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        AgentId first = enrolled(enrol(keys, token)).agent();

        assertThat(enrolled(enrol(keys, token)).agent()).isEqualTo(first);
    }

    @Test
    void theSameKeyManyTimesAtOnceIsOneAgent() throws Exception {
        TestAgentKeys keys = new TestAgentKeys();
        String token = world.addToken(tenant, location, 5, Duration.ofHours(1));

        List<AgentId> agents;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<AgentId> task = () -> enrolled(enrol(keys, token)).agent();
            agents = threads
                    .invokeAll(IntStream.range(0, 10).mapToObj(n -> task).toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        assertThat(agents).containsOnly(agents.getFirst());
        assertThat(usesLeft(token)).isEqualTo(4);
    }

    @Test
    void anExpiredTokenIsRefused() {
        String token = world.addToken(tenant, location, 1, Duration.ofMinutes(1));
        world.clock.advance(Duration.ofMinutes(1));

        refused(enrol(new TestAgentKeys(), token), Reason.TOKEN_EXPIRED);
    }

    @Test
    void aRevokedTokenIsRefused() {
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        world.database
                .tenants()
                .run(
                        tenant,
                        () -> world.database
                                .jdbc()
                                .sql("UPDATE enrolment_token SET revoked_at = created_at WHERE location_id = ?")
                                .param(location.value())
                                .update());

        refused(enrol(new TestAgentKeys(), token), Reason.TOKEN_REVOKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pwe_", "pwe_AAAA", "hello", "pwe_%%%", "pwe_ÄÖÜ"})
    void garbageIsNoToken(String garbage) {
        refused(enrol(new TestAgentKeys(), garbage), Reason.TOKEN_UNKNOWN);
    }

    @Test
    void aWellFormedTokenThatNobodyMadeIsUnknown() {
        refused(
                enrol(
                        new TestAgentKeys(),
                        TokenText.make(new SecureRandom(), world.authority.keyHash())
                                .text()),
                Reason.TOKEN_UNKNOWN);
    }

    @Test
    void aSignatureByAnotherKeyIsRefused() {
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        Bytes nonce = world.challenges.issue();
        Enrolment.Application good = new TestAgentKeys().application(token, nonce);
        Enrolment.Application forged = new Enrolment.Application(
                token,
                nonce,
                new TestAgentKeys().identityKey(),
                good.sealingKey(),
                good.certificateRequest(),
                good.signature(),
                "thief",
                "0.1.0",
                "192.0.2.9");

        refused(world.enrolment.enrol(forged), Reason.BAD_SIGNATURE);
        assertThat(usesLeft(token)).isOne();
    }

    @Test
    void aNonceIsGoodForTwoMinutesOnEveryController() {
        String token = world.addToken(tenant, location, 2, Duration.ofHours(1));
        Bytes nonce = world.challenges.issue();
        EnrolmentWorld other = new EnrolmentWorld(world.database);
        other.clock.advance(Duration.ofMinutes(2));
        enrolled(other.enrolment.enrol(new TestAgentKeys().application(token, nonce)));
        other.clock.advance(Duration.ofSeconds(1));

        refused(other.enrolment.enrol(new TestAgentKeys().application(token, nonce)), Reason.STALE_NONCE);
    }

    /** Nobody was ever given it: who comes with it guesses. */
    @Test
    void aNonceThatNoControllerMadeIsToldFromAnOldOne() {
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        byte[] forged = world.challenges.issue().toArray();
        forged[forged.length - 1] ^= 1;

        Answer answer = world.enrolment.enrol(new TestAgentKeys().application(token, Bytes.of(forged)));
        refused(answer, Reason.NONCE_UNKNOWN);
        refused(
                world.enrolment.enrol(new TestAgentKeys().application(token, Bytes.of(new byte[3]))),
                Reason.NONCE_UNKNOWN);
        assertThat(Reason.NONCE_UNKNOWN.isOfSomebodyKnown()).isFalse();
        assertThat(Reason.STALE_NONCE.isOfSomebodyKnown()).isTrue();
    }

    @Test
    void whatIsOnRecordSaysFromWhereAndByWhichToken() {
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        AgentId agent = enrolled(enrol(new TestAgentKeys(), token)).agent();
        String waiting = world.addTokenForApproval(tenant, location);
        AgentId asking = ((Answer.Awaiting) enrol(new TestAgentKeys(), waiting)).agent();
        String replacement = world.addReplacement(tenant, location, agent);
        enrolled(enrol(new TestAgentKeys(), replacement));

        assertThat(recorded(agent, "agent.enrolled")).containsExactly("192.0.2.3", prefix(token));
        assertThat(recorded(asking, "agent.asked-for-approval")).containsExactly("192.0.2.3", prefix(waiting));
        assertThat(recorded(agent, "agent.replaced")).containsExactly("192.0.2.3", prefix(replacement));
    }

    private static String prefix(String token) {
        return TokenText.parse(token).orElseThrow().prefix();
    }

    /** Address and token. */
    private List<String> recorded(AgentId agent, String act) {
        return world.database
                .superuser()
                .sql("""
                        SELECT address, detail_values[array_position(detail_names, 'token')] AS token FROM audit_entry
                        WHERE subject_id = ? AND act = ?
                        """)
                .params(agent.value(), act)
                .query((row, n) -> List.of(row.getString("address"), row.getString("token")))
                .single();
    }

    @Test
    void twoAgentsOfOneNameGetDifferentOnes() {
        String token = world.addToken(tenant, location, 2, Duration.ofHours(1));
        enrolled(enrol(new TestAgentKeys(), token));

        assertThat(enrolled(enrol(new TestAgentKeys(), token)).agentName()).isEqualTo("mail-host-2");
    }

    @Test
    void twoControllersThatStartAtOnceHaveOneAuthority() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Object> task = () -> world.newAuthority().roots().getFirst();
            assertThat(threads
                            .invokeAll(IntStream.range(0, 8).mapToObj(n -> task).toList())
                            .stream()
                            .map(Future::resultNow)
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void anAuthorityThatTheKeyInUseWrapsIsNotWrappedAnew() {
        CertificateAuthority authority = world.newAuthority();
        assertThat(authority.roots()).isNotEmpty();

        assertThat(world.database
                        .system()
                        .call(() -> authority.rewrap(Set.of(TestKek.get().current()))))
                .isZero();
    }

    @Test
    void anAgentRenewsWithItsKeyAlsoWhenItsCertificateHasExpired() {
        TestAgentKeys keys = new TestAgentKeys();
        AgentId agent = world.enrol(keys, tenant, location).agent();
        world.clock.advance(Duration.ofDays(30));

        var renewed = world.renewal.renew(keys.renewal(agent, world.challenges.issue()));

        assertThat(renewed)
                .isInstanceOfSatisfying(
                        CertificateRenewal.Answer.Renewed.class,
                        answer -> assertThat(answer.certificate().notAfter())
                                .isEqualTo(world.clock.instant().plus(Duration.ofDays(7))));
        assertThat(counted("expired_renewals", agent)).as("counted").isOne();
        assertThat(audited(agent)).contains("agent.renewed-expired");
    }

    @Test
    void aRenewalInTimeIsNotCounted() {
        TestAgentKeys keys = new TestAgentKeys();
        AgentId agent = world.enrol(keys, tenant, location).agent();
        world.clock.advance(Duration.ofDays(3));

        world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), 1));

        assertThat(counted("expired_renewals", agent)).isZero();
        assertThat(counted("ahead_renewals", agent)).isZero();
    }

    @Test
    void anAgentThatHoldsMoreThanTheDatabaseKnowsGoesOnBeyondIt() {
        TestAgentKeys keys = new TestAgentKeys();
        AgentId agent = world.enrol(keys, tenant, location).agent();

        var answer = world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), 41));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        CertificateRenewal.Answer.Renewed.class,
                        renewed ->
                                assertThat(renewed.certificate().generation()).isEqualTo(42));
        assertThat(counted("ahead_renewals", agent)).isOne();
        assertThat(audited(agent)).contains("agent.renewed-ahead");
    }

    /** Nothing on record is ever deleted, and a copy may say what it likes. */
    @Test
    void renewalsAheadOfTheDatabaseAreOnRecordOnceAnHourAndAllCounted() {
        TestAgentKeys keys = new TestAgentKeys();
        AgentId agent = world.enrol(keys, tenant, location).agent();
        for (long generation = 10; generation < 15; generation++) {
            world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), 10 * generation));
        }
        assertThat(audited(agent)).filteredOn("agent.renewed-ahead"::equals).hasSize(1);
        world.clock.advance(Duration.ofHours(1));
        world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), 1000));

        assertThat(audited(agent)).filteredOn("agent.renewed-ahead"::equals).hasSize(2);
        assertThat(counted("ahead_renewals", agent)).isEqualTo(6);
    }

    /** Whoever could drive the generations to their end would have no copy found out any more. */
    @Test
    void aGenerationThatNobodyCanHoldIsRefused() {
        TestAgentKeys keys = new TestAgentKeys();
        AgentId agent = world.enrol(keys, tenant, location).agent();

        assertThat(world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), Long.MAX_VALUE)))
                .isInstanceOf(CertificateRenewal.Answer.LockedOut.class);
        assertThat(world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), 1)))
                .isInstanceOfSatisfying(
                        CertificateRenewal.Answer.Renewed.class,
                        renewed ->
                                assertThat(renewed.certificate().generation()).isEqualTo(2));
    }

    @Test
    void nobodyElseRenewsAnAgentsCertificate() {
        AgentId agent = world.enrol(new TestAgentKeys(), tenant, location).agent();

        assertThat(world.renewal.renew(new TestAgentKeys().renewal(agent, world.challenges.issue())))
                .isInstanceOf(CertificateRenewal.Answer.Unproven.class);
    }

    /** Two calls of one agent, of which one stood in line for the token's only use behind the other. */
    @Test
    void theSameKeyTwiceAtOnceGetsBothAnswersForOneUse() throws Exception {
        TestAgentKeys keys = new TestAgentKeys();
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));

        List<AgentId> agents;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<AgentId> task = () -> enrolled(enrol(keys, token)).agent();
            agents = threads.invokeAll(IntStream.range(0, 8).mapToObj(n -> task).toList()).stream()
                    .map(Future::resultNow)
                    .toList();
        }

        assertThat(agents).containsOnly(agents.getFirst());
    }

    /** By the old host, which asks again in the moment in which another one takes its place. */
    @Test
    void whoeverWasReplacedWhileItWaitedIsToldSoAndGetsNothing() throws Exception {
        TestAgentKeys old = new TestAgentKeys();
        TestAgentKeys newcomer = new TestAgentKeys();
        AgentId agent = world.enrol(old, tenant, location).agent();
        String replacement = world.addReplacement(tenant, location, agent);
        String token = world.addToken(tenant, location, 1, Duration.ofHours(1));
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> holding = threads.submit(() -> world.database.system().run(() -> {
                assertThat(world.identities.lockById(agent)).isPresent();
                locked.countDown();
                awaitRelease(released);
            }));
            locked.await();
            Future<Answer> replacing = threads.submit(() -> enrol(newcomer, replacement));
            await().until(() -> waiting() == 1);
            Future<Answer> asking = threads.submit(() -> enrol(old, token));
            await().until(() -> waiting() == 2);
            released.countDown();

            holding.get();
            Enrolled replaced = enrolled(replacing.get());
            refused(asking.get(), Reason.AGENT_REPLACED);
            assertThat(slot(agent)).isEqualTo(replaced.certificate().serial().toString(16));
        } finally {
            released.countDown();
        }
    }

    private static void awaitRelease(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Backends that wait for a lock of another one. */
    private int waiting() {
        return world.database
                .superuser()
                .sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .query(Integer.class)
                .single();
    }

    private String slot(AgentId agent) {
        return world.database
                .superuser()
                .sql("SELECT next_serial FROM agent WHERE agent_id = ?")
                .param(agent.value())
                .query(String.class)
                .single();
    }

    private long counted(String column, AgentId agent) {
        return world.database
                .superuser()
                .sql("SELECT " + column + " FROM agent WHERE agent_id = ?")
                .param(agent.value())
                .query(Long.class)
                .single();
    }

    private List<String> audited(AgentId agent) {
        return world.audited(agent);
    }

    private Answer enrol(TestAgentKeys keys, String token) {
        return world.enrolment.enrol(keys.application(token, world.challenges.issue()));
    }

    private int usesLeft(String token) {
        return world.database
                .superuser()
                .sql("SELECT uses_left FROM enrolment_token WHERE token_hash = ?")
                .param(TokenText.parse(token).orElseThrow().hash())
                .query(Integer.class)
                .single();
    }

    private static Enrolled enrolled(Answer answer) {
        assertThat(answer).isInstanceOf(Enrolled.class);
        return (Enrolled) answer;
    }

    private static void refused(Answer answer, Reason reason) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
