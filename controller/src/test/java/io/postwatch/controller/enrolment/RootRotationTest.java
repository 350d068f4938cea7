package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.enrolment.root.RootRotation;
import io.postwatch.controller.enrolment.root.RootRotation.Asker;
import io.postwatch.controller.enrolment.root.RootRows;
import io.postwatch.controller.enrolment.root.RootWorld;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The platform changes to its next root while agents and controllers come, stay away and go on; in a time that the test moves. */
@DatabaseTest
class RootRotationTest {
    private static final Asker SOMEBODY =
            new Asker(new Actor(Actor.Kind.USER, UUID.randomUUID(), "operator@example.org"), "192.0.2.9");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration RETIRED_AFTER = Duration.ofDays(7).plusHours(2);

    private final EnrolmentWorld world;
    private final RootRotation rotation;
    private final TenantId tenant;
    private final LocationId location;

    RootRotationTest(ScopedDatabase database) {
        world = new EnrolmentWorld(database);
        rotation = world.newRotation();
        tenant = database.newTenant();
        location = world.addLocation(tenant, "Paris");
    }

    @BeforeEach
    void forgetTheAuthority() {
        world.database.superuser().sql("DELETE FROM certificate_authority").update();
        world.database.superuser().sql("DELETE FROM former_root").update();
        world.database.superuser().sql("DELETE FROM audit_entry").update();
        world.authority.refresh();
    }

    @Test
    void theNextRootIsCertifiedByTheOneThatIssuesAndHasTheSameName() throws Exception {
        X509Certificate first = first();

        assertThat(rotation.prepare(SOMEBODY)).isTrue();
        world.authority.refresh();

        assertThat(world.authority.roots()).hasSize(2).startsWith(first);
        X509Certificate next = world.authority.roots().getLast();
        next.verify(first.getPublicKey());
        assertThat(next.getSubjectX500Principal()).isEqualTo(first.getSubjectX500Principal());
        assertThat(next.getBasicConstraints()).as("leaves only").isZero();
        assertThat(world.authority.issuing()).isEqualTo(first);
        assertThat(count("certificate_authority WHERE kek_id = (SELECT key_check FROM platform)"))
                .as("wrapped like the one that issues")
                .isEqualTo(2);
        assertThat(acts()).containsExactly("authority.rotation-begun");
    }

    @Test
    void aRotationIsBegunOnce() {
        assertThat(rotation.prepare(SOMEBODY)).isTrue();
        assertThat(rotation.prepare(SOMEBODY)).isFalse();
        world.clock.advance(Duration.ofSeconds(1));
        assertThat(rotation.change(SOMEBODY)).isTrue();
        assertThat(rotation.change(SOMEBODY)).isFalse();
        assertThat(rotation.prepare(SOMEBODY)).as("before it has taken over").isFalse();
        assertThat(acts()).containsExactly("authority.rotation-begun", "authority.root-changed");
    }

    @Test
    void withoutANextRootThereIsNothingToChangeTo() {
        assertThat(rotation.change(SOMEBODY)).isFalse();
        assertThat(acts()).isEmpty();
    }

    @Test
    void ofEightControllersThatBeginAtOnceOneDoes() throws Exception {
        assertThat(atOnce(controller -> controller.prepare(SOMEBODY))).containsOnlyOnce(true);
        assertThat(atOnce(controller -> controller.change(SOMEBODY))).containsOnlyOnce(true);
        assertThat(count("certificate_authority")).isEqualTo(2);

        world.clock.advance(RETIRED_AFTER);
        atOnce(controller -> {
            RootWorld.goOn(controller);
            return true;
        });
        assertThat(acts())
                .as("each with ids of its own")
                .containsExactlyInAnyOrder(
                        "authority.rotation-begun", "authority.root-changed", "authority.root-retired");
    }

    private List<Boolean> atOnce(Predicate<RootRotation> step) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads
                    .invokeAll(IntStream.range(0, 8)
                            .<Callable<Boolean>>mapToObj(n -> () -> step.test(world.newRotation()))
                            .toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }
    }

    /** Each step by a controller that knows nothing but what is stored, as after one that was killed. */
    @Test
    void itGoesOnByItselfWhereverAControllerWasKilled() {
        X509Certificate first = first();
        Duration life = Duration.between(
                first.getNotBefore().toInstant(), first.getNotAfter().toInstant());
        RootWorld.goOn(world.newRotation());
        assertThat(world.newAuthority().roots()).containsExactly(first);

        world.clock.advance(life.multipliedBy(80).dividedBy(100));
        RootWorld.goOn(world.newRotation());
        CertificateAuthority prepared = world.newAuthority();
        assertThat(prepared.roots()).hasSize(2).startsWith(first);
        X509Certificate next = prepared.roots().getLast();

        world.clock.advance(life.multipliedBy(10).dividedBy(100));
        RootWorld.goOn(world.newRotation());
        assertThat(world.newAuthority().issuing()).as("until all have read it").isEqualTo(first);
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(world.newAuthority().roots()).containsExactly(next, first);

        world.clock.advance(RETIRED_AFTER);
        assertThat(world.newAuthority().roots()).as("whoever retires it").containsExactly(next);
        assertThat(world.newAuthority().formerRoots()).containsExactly(first);
        RootWorld.goOn(world.newRotation());
        assertThat(world.newAuthority().roots()).containsExactly(next);
        assertThat(world.newAuthority().formerRoots()).containsExactly(first);
        assertThat(count("certificate_authority")).as("its key is gone").isEqualTo(1);
        assertThat(actors()).containsOnly("system");
        assertThat(acts())
                .containsExactly("authority.rotation-begun", "authority.root-changed", "authority.root-retired");
    }

    @Test
    void anotherControllerFollowsWithoutARestartAndInTheSameMoment() {
        CertificateAuthority other = world.newAuthority();
        X509Certificate first = other.issuing();
        rotation.prepare(SOMEBODY);
        rotation.change(SOMEBODY);
        world.authority.refresh();
        other.refresh();

        for (Duration step : List.of(Duration.ofSeconds(29), Duration.ofSeconds(2), DAY)) {
            world.clock.advance(step);
            assertThat(other.issuing()).isEqualTo(world.authority.issuing());
        }
        assertThat(other.issuing()).isNotEqualTo(first);
        assertThat(other.keyHash()).isEqualTo(world.authority.keyHash());
    }

    /** As every key is when the key-encryption key is replaced. */
    @Test
    void theNextRootIsWrappedAnewWithTheOneThatIssues(@TempDir Path folder) {
        rotation.prepare(SOMEBODY);
        Path file = TestKek.copyTo(folder);
        TestKek.command(file, "add");
        KekProvider both = TestKek.open(file);
        KekId added = both.kept().getFirst();
        useKek(added);
        try {
            both.adopt(added);
            RootRows rows = RootWorld.rows(world.database, both);
            assertThat(world.database
                            .system()
                            .call(() -> rows.rewrap(Set.of(TestKek.get().current()))))
                    .isEqualTo(2);
            assertThat(world.database
                            .system()
                            .call(() -> rows.rewrap(Set.of(TestKek.get().current()))))
                    .isZero();
            RootRotation another = RootWorld.rotation(world.database, rows, world.clock);
            assertThat(another.change(SOMEBODY)).isTrue();
            world.clock.advance(DAY);
            assertThat(another.prepare(SOMEBODY))
                    .as("by a root whose key was wrapped anew")
                    .isTrue();
        } finally {
            useKek(TestKek.get().current());
        }
    }

    private void useKek(KekId key) {
        world.database
                .superuser()
                .sql("UPDATE platform SET key_check = ?")
                .param(key.bytes())
                .update();
    }

    /** Hour by hour through two rotations, with agents that renew and agents that are away. */
    @Test
    void noCertificateThatIsGoodIsEverWithoutARoot() {
        List<X509Certificate> leaves = new ArrayList<>();
        leaves.add(leafOf(new TestAgentKeys()));
        for (int hour = 0; hour < 24 * 40; hour += 3) {
            if (hour == 24 * 3 || hour == 24 * 20) {
                rotation.prepare(SOMEBODY);
            }
            if (hour == 24 * 4 || hour == 24 * 21) {
                rotation.change(SOMEBODY);
            }
            world.clock.advance(Duration.ofHours(3));
            RootWorld.goOn(rotation);
            world.authority.refresh();
            if (hour % 24 == 0) {
                leaves.add(leafOf(new TestAgentKeys()));
            }
            leaves.removeIf(leaf -> leaf.getNotAfter().toInstant().isBefore(world.clock.instant()));
            assertThat(leaves)
                    .allSatisfy(leaf -> assertThat(world.authority.roots())
                            .as("after %s of life", leaf.getNotBefore())
                            .anyMatch(root -> isSignedBy(leaf, root)));
        }
        assertThat(count("former_root")).isEqualTo(2);
    }

    private X509Certificate leafOf(TestAgentKeys keys) {
        return EnrolmentWorld.leaf(world.enrol(keys, tenant, location).certificate());
    }

    /** How far the platform is with its change. */
    enum Phase {
        PREPARED,
        WRITTEN_DOWN,
        CHANGED,
        RETIRED,
        CHANGED_AGAIN,
        RETIRED_AGAIN
    }

    /** Which roots an agent knows. */
    enum Knowledge {
        OLD,
        BOTH,
        NEXT
    }

    static Stream<Arguments> agents() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Arrays.stream(Knowledge.values())
                        .filter(knows -> knows != Knowledge.NEXT || phase.compareTo(Phase.CHANGED) >= 0)
                        .flatMap(knows -> Stream.of(false, true).map(away -> Arguments.of(phase, knows, away))));
    }

    /** Whatever an agent knows, it finds the controller, gets a certificate that the platform trusts, and the roots of the day. */
    @ParameterizedTest(name = "{0}, knows {1}, was away until its certificate had expired: {2}")
    @MethodSource("agents")
    void everyAgentComesBack(Phase phase, Knowledge knows, boolean away) throws Exception {
        TestAgentKeys keys = new TestAgentKeys();
        AgentId agent = world.enrol(keys, tenant, location).agent();
        X509Certificate first = first();
        if (away) {
            world.clock.advance(DAY.multipliedBy(8));
        }
        reach(phase);
        List<X509Certificate> named = world.authority.roots();
        List<X509Certificate> former = world.authority.formerRoots();
        X509Certificate second = Stream.concat(named.stream(), former.stream())
                .filter(root -> !root.equals(first) && isSignedBy(root, first))
                .findFirst()
                .orElseThrow();
        List<X509Certificate> pinned = switch (knows) {
            case OLD -> List.of(first);
            case BOTH -> List.of(first, second);
            case NEXT -> List.of(second);
        };

        assertThat(finds(pinned, world.newServerIdentities(world.authority).current()))
                .as("the controller's chain leads to what it knows")
                .isTrue();
        var renewed = world.renewal.renew(keys.renewed().renewal(agent, world.challenges.issue(), 1));

        assertThat(renewed).isInstanceOfSatisfying(CertificateRenewal.Answer.Renewed.class, answer -> {
            X509Certificate leaf = EnrolmentWorld.leaf(answer.certificate());
            assertThat(isSignedBy(leaf, named.getFirst())).isTrue();
            assertThat(EnrolmentWorld.keyHashes(answer.certificate().roots()))
                    .hasSize(named.size())
                    .doesNotHaveDuplicates();
            assertThat(answer.certificate().formerRoots()).hasSize(former.size());
        });
        assertThat(Stream.concat(named.stream(), former.stream()).toList())
                .as("what leads it to the roots of the day")
                .containsAll(pinned);
    }

    @ParameterizedTest
    @EnumSource
    void aForeignControllerIsFoundByNobody(Phase phase) throws Exception {
        X509Certificate first = first();
        reach(phase);
        List<X509Certificate> all = Stream.concat(
                        world.authority.roots().stream(), world.authority.formerRoots().stream())
                .toList();
        world.database.superuser().sql("DELETE FROM certificate_authority").update();
        world.database.superuser().sql("DELETE FROM former_root").update();
        CertificateAuthority stranger = world.newAuthority();

        assertThat(stranger.issuing()).isNotEqualTo(first);
        assertThat(finds(all, world.newServerIdentities(stranger).current())).isFalse();
    }

    /** A token lives for a week at most, and is answered by what it names all that time. */
    @Test
    void aTokenThatWasShownBeforeTheChangeEnrolsToItsLastMoment() {
        byte[] named = world.authority.keyHash();
        String token = world.addToken(tenant, location, 2, Duration.ofDays(7));
        reach(Phase.CHANGED);
        world.clock.advance(Duration.ofDays(7).minusMinutes(3));

        TestAgentKeys keys = new TestAgentKeys();
        var enrolled =
                (Enrolment.Answer.Enrolled) world.enrolment.enrol(keys.application(token, world.challenges.issue()));

        assertThat(world.newServerIdentities(world.authority).current().chain())
                .anySatisfy(shown -> assertThat(keyHash(shown)).isEqualTo(named));
        assertThat(EnrolmentWorld.keyHashes(enrolled.certificate().roots()))
                .anySatisfy(hash -> assertThat(hash.toArray()).isEqualTo(named));
        assertThat(world.authority.keyHash()).as("what tokens of today name").isNotEqualTo(named);
    }

    @Test
    void aControllersCertificateIsRenewedAtHalfLifeAndWhenAnotherRootIssues() {
        ServerIdentities identities = world.newServerIdentities(world.authority);
        ServerIdentity before = identities.current();
        world.clock.advance(Duration.ofDays(3));
        assertThat(identities.current()).isSameAs(before);
        world.clock.advance(Duration.ofDays(1));
        ServerIdentity half = identities.current();
        assertThat(half).isNotSameAs(before);
        assertThat(identities.named(before.name()))
                .as("a handshake may be under way")
                .contains(before);

        reach(Phase.CHANGED);

        ServerIdentity changed = identities.current();
        assertThat(changed.issuer()).isEqualTo(world.authority.issuing()).isNotEqualTo(half.issuer());
        assertThat(changed.chain()).hasSize(3);
        assertThat(identities.named(before.name())).isEmpty();
    }

    @Test
    void anAuthorityWhoseKeysWereGivenUpIsMadeAnew() {
        X509Certificate first = first();
        reach(Phase.RETIRED);
        world.database.superuser().sql("DELETE FROM certificate_authority").update();

        CertificateAuthority anew = world.newAuthority();

        assertThat(anew.roots()).hasSize(1).doesNotContain(first);
        assertThat(world.newServerIdentities(anew).current().chain()).hasSize(2);
        assertThat(rotation.prepare(SOMEBODY)).isTrue();
    }

    @Test
    void theStatusSaysHowManyAgentsTrustEachRoot() {
        AgentId agent = world.enrol(new TestAgentKeys(), tenant, location).agent();
        world.enrol(new TestAgentKeys(), tenant, location);
        rotation.prepare(SOMEBODY);
        world.authority.refresh();
        var both =
                world.authority.roots().stream().map(RootRotationTest::keyHash).toArray(byte[][]::new);
        world.database
                .superuser()
                .sql("UPDATE agent SET trusted_roots = CASE WHEN agent_id = ? THEN ?::bytea[] ELSE ?::bytea[] END")
                .params(agent.value(), both, new byte[][] {both[0]})
                .update();

        RootRotation.Status status = rotation.status().orElseThrow();

        assertThat(status.agents()).isGreaterThanOrEqualTo(2);
        assertThat(status.trusting().get(Bytes.of(both[0]))).isEqualTo(status.agents());
        assertThat(status.trusting().get(Bytes.of(both[1]))).isOne();
    }

    private void reach(Phase phase) {
        rotation.prepare(SOMEBODY);
        if (phase.compareTo(Phase.WRITTEN_DOWN) >= 0) {
            rotation.change(SOMEBODY);
        }
        if (phase.compareTo(Phase.CHANGED) >= 0) {
            world.clock.advance(Duration.ofMinutes(2));
        }
        if (phase.compareTo(Phase.RETIRED) >= 0) {
            world.clock.advance(RETIRED_AFTER);
            RootWorld.goOn(rotation);
        }
        if (phase.compareTo(Phase.CHANGED_AGAIN) >= 0) {
            rotation.prepare(SOMEBODY);
            rotation.change(SOMEBODY);
            world.clock.advance(Duration.ofMinutes(2));
        }
        if (phase.compareTo(Phase.RETIRED_AGAIN) >= 0) {
            world.clock.advance(RETIRED_AFTER);
            RootWorld.goOn(rotation);
        }
        world.authority.refresh();
    }

    private X509Certificate first() {
        return world.authority.roots().getFirst();
    }

    /** As an agent judges it, that trusts these roots and nothing else. */
    private boolean finds(List<X509Certificate> pinned, ServerIdentity shown) throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                Set.copyOf(
                        pinned.stream().map(root -> new TrustAnchor(root, null)).toList()),
                new X509CertSelector());
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(world.clock.instant()));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        try {
            ((X509TrustManager) factory.getTrustManagers()[0])
                    .checkServerTrusted(shown.chain().toArray(X509Certificate[]::new), "UNKNOWN");
            return true;
        } catch (CertificateException refused) {
            return false;
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate root) {
        try {
            certificate.verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static byte[] keyHash(X509Certificate certificate) {
        return TestAgentKeys.sha256(certificate.getPublicKey().getEncoded()).toArray();
    }

    private long count(String rows) {
        return world.database
                .superuser()
                .sql("SELECT count(*) FROM " + rows)
                .query(Long.class)
                .single();
    }

    private List<String> acts() {
        return recorded("act");
    }

    private List<String> actors() {
        return recorded("actor_kind");
    }

    private List<String> recorded(String column) {
        return world.database
                .superuser()
                .sql("SELECT " + column + " FROM audit_entry WHERE act LIKE 'authority.%' ORDER BY at, entry_id")
                .query((row, n) -> row.getString(1))
                .list();
    }
}
