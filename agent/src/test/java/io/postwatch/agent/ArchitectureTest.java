package io.postwatch.agent;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The borders inside the agent, as docs/architecture.md draws them. */
class ArchitectureTest {

    private static final String ROOT = "io.postwatch.agent";

    /** The port of the prober and the words it is written in: what the rest of the agent may know of probing. */
    private static final Set<String> PORT = Set.of(
            "probe", "probe.address", "probe.bounds", "probe.certificate", "probe.failure", "probe.sasl", "probe.time");

    /** Which package may use which others, besides itself. The program itself ({@link #ROOT}) may use all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("probe.bounds", Set.of()),
            Map.entry("probe.time", Set.of("probe.bounds")),
            Map.entry("probe.address", Set.of("probe.bounds")),
            Map.entry("probe.sasl", Set.of("probe.bounds")),
            Map.entry("probe.failure", Set.of("probe.bounds", "probe.time")),
            Map.entry("probe.certificate", Set.of("probe.bounds", "probe.address", "probe.failure")),
            Map.entry("probe", PORT),
            Map.entry("probe.dns", PORT),
            Map.entry("probe.net", and(PORT, "probe.dns")),
            Map.entry("probe.tls", and(PORT, "probe.net")),
            Map.entry("probe.auth", and(PORT, "probe.net")),
            Map.entry("probe.smtp", and(PORT, "probe.net", "probe.auth")),
            Map.entry("probe.imap", and(PORT, "probe.net", "probe.auth")),
            Map.entry("probe.pop3", and(PORT, "probe.net", "probe.auth")),
            Map.entry(
                    "probe.run",
                    and(PORT, "probe.dns", "probe.net", "probe.tls", "probe.smtp", "probe.imap", "probe.pop3")),
            Map.entry("boringssl", and(PORT, "probe.net", "probe.tls")),
            Map.entry("disk", Set.of()),
            Map.entry("identity", Set.of("disk")),
            Map.entry("assignment", and(PORT, "disk")),
            Map.entry("spool", and(PORT, "disk")),
            Map.entry("localsecret", PORT),
            Map.entry("login", and(PORT, "assignment", "disk")),
            Map.entry("schedule", and(PORT, "assignment", "login", "spool", "disk", "localsecret")),
            Map.entry("selfcheck", PORT),
            Map.entry("link.mapping", and(PORT, "schedule", "assignment", "spool", "localsecret")),
            Map.entry("link.channel", and(PORT, "identity")),
            Map.entry(
                    "link",
                    and(
                            PORT,
                            "link.mapping",
                            "link.channel",
                            "login",
                            "schedule",
                            "selfcheck",
                            "assignment",
                            "spool",
                            "identity",
                            "disk",
                            "localsecret")));

    private static final Map<String, Set<String>> CLOCKS_AND_SLEEPS = Map.ofEntries(
            Map.entry(Instant.class.getName(), Set.of("now")),
            Map.entry(LocalDateTime.class.getName(), Set.of("now")),
            Map.entry(ZonedDateTime.class.getName(), Set.of("now")),
            Map.entry(OffsetDateTime.class.getName(), Set.of("now")),
            Map.entry(Clock.class.getName(), Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry(InstantSource.class.getName(), Set.of("system")),
            Map.entry(System.class.getName(), Set.of("currentTimeMillis", "nanoTime")),
            Map.entry(Thread.class.getName(), Set.of("sleep")),
            Map.entry(TimeUnit.class.getName(), Set.of("sleep", "timedWait", "timedJoin")),
            Map.entry(LockSupport.class.getName(), Set.of("parkNanos", "parkUntil")),
            Map.entry(Object.class.getName(), Set.of("wait")));

    /** {@link java.security.SecureRandom} is made where the program starts, and given to whom needs it. */
    private static final Map<String, Set<String>> OTHER_RANDOMNESS = Map.ofEntries(
            Map.entry(UUID.class.getName(), Set.of("randomUUID")),
            Map.entry(Math.class.getName(), Set.of("random")),
            Map.entry(Random.class.getName(), Set.of("<init>")),
            Map.entry(SplittableRandom.class.getName(), Set.of("<init>")),
            Map.entry(ThreadLocalRandom.class.getName(), Set.of("current")));

    private static final JavaClasses AGENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void everyPackageUsesOnlyWhatItMay() {
        for (String user : MAY_USE.keySet()) {
            String[] forbidden = packages().stream()
                    .filter(other -> !other.equals(user)
                            && !MAY_USE.getOrDefault(user, Set.of()).contains(other))
                    .map(ArchitectureTest::qualified)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(qualified(user))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .allowEmptyShould(true)
                    .check(AGENT);
        }
    }

    @Test
    void everyPackageHasItsPlaceInTheTableAndSaysWhatItIsFor() {
        Set<String> known =
                MAY_USE.keySet().stream().map(ArchitectureTest::qualified).collect(Collectors.toSet());
        Set<String> present = AGENT.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(present)
                .as("packages that are missing in the table of this test")
                .allMatch(name -> name.equals(ROOT) || known.contains(name));
        assertThat(present)
                .map(AGENT::getPackage)
                .as("packages without a package-info that is @NullMarked")
                .allMatch((JavaPackage javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void nothingUsesTheProgramItself() {
        noClasses()
                .that(not(resideInAPackage(ROOT)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(AGENT);
    }

    @Test
    void noPackagesUseEachOtherInACircle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(AGENT);
    }

    @Test
    void theProberIsPureJdk() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".probe..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "javax..", "jdk.net..", "org.jspecify..", ROOT + ".probe.."))
                .check(AGENT);
    }

    @Test
    void onlyTheLinkKnowsTheWireProtocol() {
        noClasses()
                .that(not(resideInAnyPackage(ROOT + ".link..", ROOT + ".boringssl..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "io.postwatch.proto.."))
                .check(AGENT);
    }

    @Test
    void boringSslComesOutOfTheNettyThatGrpcBrings() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".boringssl..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.grpc..")
                        .and(not(resideInAPackage("io.grpc.netty.shaded.io.netty..")))
                        .or(resideInAPackage("io.postwatch.proto..")))
                .check(AGENT);
    }

    /** Who reads a clock or sleeps can't be tested with another time. A method that is only referred to counts too. */
    @Test
    void onlyOneClassReadsTheClocksAndSleeps() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(SystemClocks.class.getName())
                .should()
                .accessTargetWhere(describe("it reads a clock or sleeps", ArchitectureTest::readsClockOrSleeps))
                .check(AGENT);
    }

    private static boolean readsClockOrSleeps(JavaAccess<?> access) {
        Set<String> methods =
                CLOCKS_AND_SLEEPS.getOrDefault(access.getTargetOwner().getFullName(), Set.of());
        boolean untimedWait = access.getTarget() instanceof CodeUnitAccessTarget method
                && access.getTargetOwner().isEquivalentTo(Object.class)
                && method.getRawParameterTypes().isEmpty();
        return methods.contains(access.getTarget().getName()) && !untimedWait;
    }

    /** Who makes its own chance can't be tested with another one. */
    @Test
    void randomnessIsGiven() {
        noClasses()
                .should()
                .accessTargetWhere(describe("it makes randomness of its own", ArchitectureTest::makesRandomness))
                .check(AGENT);
    }

    private static boolean makesRandomness(JavaAccess<?> access) {
        return OTHER_RANDOMNESS
                .getOrDefault(access.getTargetOwner().getFullName(), Set.of())
                .contains(access.getTarget().getName());
    }

    @Test
    void onlyTheProgramItselfWritesToTheConsole() {
        noClasses()
                .that(not(resideInAPackage(ROOT)))
                .should(ACCESS_STANDARD_STREAMS)
                .check(AGENT);
    }

    @Test
    void namesSayWhatIsDone() {
        for (String ending : List.of("Impl", "Manager", "Helper", "Helpers", "Util", "Utils")) {
            noClasses().should().haveSimpleNameEndingWith(ending).check(AGENT);
        }
    }

    private static Set<String> and(Set<String> packages, String... more) {
        return Stream.concat(packages.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> packages() {
        return MAY_USE.keySet();
    }

    private static String qualified(String name) {
        return ROOT + "." + name;
    }
}
