package io.postwatch.controller.enrolment.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.enrolment.root.CertificateForge.Root;
import io.postwatch.controller.enrolment.root.Roots.Step;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which root issues, which are trusted, what is named to whom and what is due, at each point of a rotation. */
class RootsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    /** Of the change from the first root to the second. */
    private static final Instant CHANGE = BEGIN.plus(DAY);

    private final CertificateForge forge = new CertificateForge(new SecureRandom());
    private final KeyPair firstKeys = forge.makeKeys();
    private final KeyPair secondKeys = forge.makeKeys();
    private final X509Certificate first = forge.signRoot(firstKeys, BEGIN);
    private final X509Certificate second =
            forge.signNextRoot(new Root(firstKeys.getPrivate(), first), secondKeys.getPublic(), BEGIN);

    /** Each with what follows from it. Names of roots are 1 and 2; the first of those that are trusted issues. */
    enum Moment {
        ALONE(false, null, BEGIN, "1", "", 1, "1"),
        PREPARED(true, null, CHANGE, "12", "", 1, "1"),
        WRITTEN_DOWN(true, CHANGE, CHANGE.minusSeconds(30), "12", "", 1, "1"),
        JUST_BEFORE(true, CHANGE, CHANGE.minusMillis(1), "12", "", 1, "1"),
        CHANGED(true, CHANGE, CHANGE, "21", "", 1, "21"),
        SETTLED(true, CHANGE, CHANGE.plus(Roots.TOKENS_LATER), "21", "", 2, "21"),
        LAST_LEAF_IS_GOOD(true, CHANGE, CHANGE.plus(Roots.LONGEST_LEAF), "21", "", 2, "21"),
        LAST_LEAF_IS_OVER(true, CHANGE, CHANGE.plus(Duration.ofDays(7).plusHours(1)), "2", "1", 2, "21"),
        YEARS_LATER(true, CHANGE, CHANGE.plus(Duration.ofDays(2000)), "2", "1", 2, "21"),
        BEFORE_ALL_OF_IT(true, CHANGE, BEGIN.minus(DAY), "12", "", 1, "1");

        final boolean prepared;
        final @Nullable Instant issuesFrom;
        final Instant now;
        final String trusted;
        final String former;
        final long ofTokens;
        final String path;

        Moment(
                boolean prepared,
                @Nullable Instant issuesFrom,
                Instant now,
                String trusted,
                String former,
                long ofTokens,
                String path) {
            this.prepared = prepared;
            this.issuesFrom = issuesFrom;
            this.now = now;
            this.trusted = trusted;
            this.former = former;
            this.ofTokens = ofTokens;
            this.path = path;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsAtEachMoment(Moment moment) {
        Roots roots = moment.prepared ? both(moment.issuesFrom) : new Roots(List.of(first()));

        assertThat(names(roots.trusted(moment.now))).isEqualTo(moment.trusted);
        assertThat(roots.issuing(moment.now))
                .isEqualTo(roots.trusted(moment.now).getFirst());
        assertThat(names(roots.former(moment.now))).isEqualTo(moment.former);
        assertThat(roots.ofTokens(moment.now).number()).isEqualTo(moment.ofTokens);
        assertThat(roots.path(moment.now).stream().map(this::name).reduce("", String::concat))
                .isEqualTo(moment.path);
    }

    /** No agent is told of a root without what leads it there from the one that it knows. */
    @ParameterizedTest
    @EnumSource
    void whoeverKnowsARootFindsTheOneThatIssues(Moment moment) {
        Roots roots = moment.prepared ? both(moment.issuesFrom) : new Roots(List.of(first()));

        List<PlatformRoot> told = Stream.concat(roots.trusted(moment.now).stream(), roots.former(moment.now).stream())
                .toList();

        assertThat(told).containsAll(roots.all());
    }

    @Test
    void aRootIsTrustedUntilItsLastCertificateIsOver() {
        assertThat(both(null).trustedUntil(first())).isEmpty();
        assertThat(both(CHANGE).trustedUntil(first()))
                .contains(CHANGE.plus(Duration.ofDays(7)).plus(Duration.ofHours(1)));
        assertThat(both(CHANGE).trustedUntil(second(CHANGE))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, ", "0.79, ", "0.8, Prepare", "0.95, Prepare", "1.5, Prepare"})
    void aRootThatGetsOldIsGivenASuccessor(double age, @Nullable String due) {
        assertThat(kind(new Roots(List.of(first())).due(at(age)))).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({"0.1, ", "0.89, ", "0.9, Change", "1.5, Change"})
    void theSuccessorTakesOverInTime(double age, @Nullable String due) {
        assertThat(kind(both(null).due(at(age)))).isEqualTo(due);
    }

    @Test
    void whatIsWrittenDownIsNotDueAgain() {
        Instant now = at(0.95);
        assertThat(both(now.plusSeconds(10)).due(now)).isEmpty();
    }

    @Test
    void aFormerRootIsRetiredOnceItIsOver() {
        Instant over = CHANGE.plus(Duration.ofDays(7)).plus(Duration.ofHours(1));
        Roots roots = both(CHANGE);

        assertThat(roots.due(over.minusMillis(1))).isEmpty();
        assertThat(roots.due(over)).contains(new Step.Retire(first()));
        Roots retired = new Roots(List.of(new PlatformRoot(1, first, BEGIN, true), second(CHANGE)));
        assertThat(retired.due(over)).isEmpty();
        assertThat(names(retired.trusted(CHANGE))).as("whatever the time").isEqualTo("2");
    }

    @Test
    void theWayBackEndsWhereARootWasLost() {
        KeyPair strangers = forge.makeKeys();
        PlatformRoot made = new PlatformRoot(3, forge.signRoot(strangers, CHANGE), CHANGE, false);
        Roots roots = new Roots(List.of(new PlatformRoot(1, first, BEGIN, true), made));

        assertThat(roots.path(CHANGE)).containsExactly(made.certificate());
    }

    @Test
    void theWayBackIsBounded() {
        List<PlatformRoot> all = new ArrayList<>(List.of(first()));
        KeyPair issuer = firstKeys;
        for (int number = 2; number <= 12; number++) {
            KeyPair keys = forge.makeKeys();
            X509Certificate certificate = forge.signNextRoot(
                    new Root(issuer.getPrivate(), all.getLast().certificate()), keys.getPublic(), BEGIN);
            all.add(new PlatformRoot(number, certificate, BEGIN.plus(DAY.multipliedBy(number)), false));
            issuer = keys;
        }
        Instant now = BEGIN.plus(Duration.ofDays(100));
        Roots roots = new Roots(all);

        assertThat(roots.issuing(now).number()).isEqualTo(12);
        assertThat(roots.path(now)).hasSize(1 + Roots.MOST_FORMER);
        assertThat(roots.former(now)).hasSize(Roots.MOST_FORMER);
    }

    @Test
    void aPlatformWithoutARootIsNone() {
        assertThatThrownBy(() -> new Roots(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PlatformRoot(0, first, null, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PlatformRoot(1, first, null, true)).isInstanceOf(IllegalArgumentException.class);
    }

    private static @Nullable String kind(Optional<Step> due) {
        return due.map(step -> switch (step) {
                    case Step.Prepare() -> "Prepare";
                    case Step.Change(var _) -> "Change";
                    case Step.Retire(var _) -> "Retire";
                })
                .orElse(null);
    }

    private Instant at(double age) {
        return first().atAge(age).plusMillis(1);
    }

    private PlatformRoot first() {
        return new PlatformRoot(1, first, BEGIN, false);
    }

    private PlatformRoot second(@Nullable Instant issuesFrom) {
        return new PlatformRoot(2, second, issuesFrom, false);
    }

    private Roots both(@Nullable Instant issuesFrom) {
        return new Roots(List.of(second(issuesFrom), first()));
    }

    private static String names(List<PlatformRoot> roots) {
        return roots.stream().map(root -> Long.toString(root.number())).reduce("", String::concat);
    }

    private String name(X509Certificate certificate) {
        return certificate.equals(first) ? "1" : "2";
    }
}
