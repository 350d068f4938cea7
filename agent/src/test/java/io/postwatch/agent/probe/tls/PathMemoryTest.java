package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.testserver.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of a chain never decides what a later run says of it. */
class PathMemoryTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Duration DAYS_90 = Duration.ofDays(90);
    private static final TestAuthority TRUSTED = TestAuthority.create("Trusted", () -> NOW);
    private static final TestAuthority CUSTOMERS = TestAuthority.create("Customer", () -> NOW);
    private static final TestAuthority OTHER_CUSTOMERS = TestAuthority.create("Customer", () -> NOW);
    private static final CertificatePolicy POLICY = CertificatePolicy.DEFAULT;

    private final PathMemory memory = new PathMemory();
    private final ChainJudge judge = new ChainJudge(TrustAnchors.systemAnd(List.of(TRUSTED.root())), memory);
    private final List<X509Certificate> good = chain(TRUSTED, DAYS_90);

    @BeforeEach
    void oneChainIsKnown() {
        assertThat(codes(good, POLICY, NOW)).isEmpty();
    }

    @Test
    void aChainThatStaysIsNotSearchedAgain() {
        PathMemory.Question question = new PathMemory.Question(target("mail.example.org"), List.of());
        Instant later = NOW.plus(Duration.ofMinutes(59));

        assertThat(memory.recall(question, fingerprints(good), good, later))
                .hasValueSatisfying(outcome -> assertThat(outcome.path()).isEqualTo(good));
        assertThat(memory.recall(question, fingerprints(good), good, later.plus(Duration.ofMinutes(2))))
                .isEmpty();
    }

    @Test
    void datesAreJudgedAtEachRun() {
        Instant end = NOW.plus(DAYS_90);

        assertThat(codes(good, POLICY, end.minus(Duration.ofMinutes(1)))).containsExactly(FailureCode.EXPIRES_SOON);
        assertThat(codes(good, POLICY, end.plus(Duration.ofMinutes(1)))).containsExactly(FailureCode.EXPIRED);
        assertThat(codes(good, POLICY, NOW.minus(Duration.ofDays(2)))).containsExactly(FailureCode.NOT_YET_VALID);
        assertThat(codes(good, POLICY, NOW)).isEmpty();
    }

    @Test
    void whatEndsWithinTheHourEndsThen() {
        List<X509Certificate> ending = chain(TRUSTED, Duration.ofMinutes(20));
        CertificatePolicy silent = new CertificatePolicy(0, 0, false);

        assertThat(codes(ending, silent, NOW)).isEmpty();
        assertThat(codes(ending, silent, NOW.plus(Duration.ofMinutes(20)))).isEmpty();
        assertThat(codes(ending, silent, NOW.plus(Duration.ofMinutes(20)).plusMillis(1)))
                .containsExactly(FailureCode.EXPIRED);
        assertThat(codes(ending, silent, NOW.plus(Duration.ofMinutes(20)))).isEmpty();
    }

    @Test
    void thresholdsAreJudgedAtEachRun() {
        List<X509Certificate> chain = chain(TRUSTED, Duration.ofDays(22).plusMinutes(10));

        assertThat(codes(chain, POLICY, NOW)).isEmpty();
        assertThat(codes(chain, POLICY, NOW.plus(Duration.ofMinutes(11)))).containsExactly(FailureCode.EXPIRES_SOON);
        assertThat(codes(good, new CertificatePolicy(91, 0, false), NOW)).containsExactly(FailureCode.EXPIRES_SOON);
    }

    @Test
    void theNameIsJudgedAtEachRun() {
        assertThat(codes(good, expecting("elsewhere.example.org"), NOW)).containsExactly(FailureCode.NAME_MISMATCH);
        assertThat(codes(good, POLICY, NOW)).isEmpty();
    }

    @Test
    void anotherChainOfTheSameServerIsJudgedForItself() {
        List<X509Certificate> foreign = chain(CUSTOMERS, DAYS_90);
        List<X509Certificate> withoutIssuer = List.of(good.getFirst());

        assertThat(codes(foreign, POLICY, NOW)).containsExactly(FailureCode.UNTRUSTED);
        assertThat(codes(good, POLICY, NOW)).isEmpty();
        assertThat(codes(withoutIssuer, POLICY, NOW)).containsExactly(FailureCode.INCOMPLETE_CHAIN);
        assertThat(codes(Stream.concat(withoutIssuer.stream(), foreign.stream()).toList(), POLICY, NOW))
                .containsExactly(FailureCode.INCOMPLETE_CHAIN);
    }

    @Test
    void whatOneCustomerTrustsNoOtherDoes() {
        List<X509Certificate> chain = chain(CUSTOMERS, DAYS_90);

        assertThat(codes(chain, trusting(CUSTOMERS), NOW)).isEmpty();
        assertThat(codes(chain, POLICY, NOW)).containsExactly(FailureCode.UNTRUSTED);
        // Of the same name, and another key.
        assertThat(codes(chain, trusting(OTHER_CUSTOMERS), NOW)).containsExactly(FailureCode.UNTRUSTED);
        assertThat(codes(chain, trusting(CUSTOMERS), NOW)).isEmpty();
    }

    @Test
    void aServerThatShowsAnotherChainEachTimeTakesOnePlace() {
        PathMemory.Question hostile = new PathMemory.Question(target("hostile.example.org"), List.of());
        PathMemory.Question known = new PathMemory.Question(target("mail.example.org"), List.of());
        keep(hostile, 0, "");
        long before = memory.bytes();
        for (int i = 0; i < 50_000; i++) {
            keep(hostile, i, "");
        }

        assertThat(memory.bytes()).isEqualTo(before);
        assertThat(memory.recall(known, fingerprints(good), good, NOW)).isPresent();
    }

    @Test
    void takesNoMoreThanItsRoomAndForgetsWhatNobodyAskedForLongest() {
        PathMemory.Question known = new PathMemory.Question(target("mail.example.org"), List.of());
        for (int i = 0; i < 20_000; i++) {
            keep(new PathMemory.Question(target("host" + i + ".example.org"), List.of()), i, "x".repeat(1000));
            assertThat(memory.recall(known, fingerprints(good), good, NOW)).isPresent();
            assertThat(memory.bytes()).isLessThanOrEqualTo(PathMemory.MAX_BYTES);
        }
        PathMemory.Question first = new PathMemory.Question(target("host0.example.org"), List.of());
        PathMemory.Question last = new PathMemory.Question(target("host19999.example.org"), List.of());
        assertThat(memory.recall(first, List.of(fingerprint(0)), good, NOW)).isEmpty();
        assertThat(memory.recall(last, List.of(fingerprint(19_999)), good, NOW)).isPresent();
    }

    private void keep(PathMemory.Question question, int chain, String message) {
        List<CertificateVerdict> verdicts =
                message.isEmpty() ? List.of() : List.of(new CertificateVerdict(FailureCode.UNTRUSTED, 0, message));
        memory.keep(
                question,
                List.of(fingerprint(chain)),
                good,
                new PathMemory.Span(NOW.minusSeconds(60), NOW.plusSeconds(60)),
                new TrustPath.Outcome(List.of(), verdicts));
    }

    private static Fingerprint fingerprint(int number) {
        return Fingerprint.ofDer(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    private List<FailureCode> codes(List<X509Certificate> chain, CertificatePolicy policy, Instant now) {
        return judge.judge(chain, target("mail.example.org"), policy, now).verdicts().stream()
                .map(CertificateVerdict::code)
                .toList();
    }

    private static CertificatePolicy expecting(String name) {
        return policy(new MailHost(name), List.of());
    }

    private static CertificatePolicy trusting(TestAuthority authority) {
        return policy(null, List.of(authority.root()));
    }

    private static CertificatePolicy policy(@Nullable MailHost name, List<X509Certificate> anchors) {
        return new CertificatePolicy(new ExpiryLimits(ExpiryLimits.Unit.DAYS, 21, 7), false, name, null, anchors, null);
    }

    private static Target target(String host) {
        return new Target(new MailHost(host), 993, Security.TLS, AddressFamily.ANY);
    }

    private static List<X509Certificate> chain(TestAuthority authority, Duration life) {
        return authority.leaf("mail.example.org").expiringIn(life).issue().chain();
    }

    private static List<Fingerprint> fingerprints(List<X509Certificate> chain) {
        return ChainJudge.fingerprints(ChainJudge.captured(chain));
    }
}
