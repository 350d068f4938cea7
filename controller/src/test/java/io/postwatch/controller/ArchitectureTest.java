package io.postwatch.controller;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.NanoTicker;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.web.bind.annotation.RestController;

/** The borders between the modules and the bans of the house, for production code. */
@AnalyzeClasses(packages = "io.postwatch.controller", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @Test
    void theModulesKeepToTheirDeclaredBorders() {
        ApplicationModules modules = ApplicationModules.of(ControllerApplication.class);

        modules.verify();
        assertThat(modules.stream().map(module -> module.getIdentifier().toString()))
                .contains("shared", "home", "database", "scope", "web", "tenancy", "identity", "secret", "inventory");
    }

    @ArchTest
    static final ArchRule onlyTheGatewaySpeaksTheProtocol = noClasses()
            .that(not(resideInAPackage("..gateway..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.postwatch.proto..", "io.postwatch.agent.v1..", "io.grpc..", "com.google.protobuf..");

    @ArchTest
    static final ArchRule sharedKnowsNoFramework = classes()
            .that()
            .resideInAPackage("..controller.shared..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.postwatch.controller.shared..")
            .orShould(haveSimpleName("package-info"));

    /** Who reads the clock or sleeps can't be tested with another time: it is given an InstantSource or a NanoTicker. */
    @ArchTest
    static final ArchRule nobodyReadsTheClockOrSleeps = noClasses()
            .that()
            .doNotBelongToAnyOf(NanoTicker.class)
            .should(callAnyOf(
                    Set.of(
                            Instant.class,
                            LocalDate.class,
                            LocalDateTime.class,
                            OffsetDateTime.class,
                            ZonedDateTime.class),
                    "now"))
            .orShould(callAnyOf(Set.of(System.class), "currentTimeMillis"))
            .orShould(callAnyOf(Set.of(System.class), "nanoTime"))
            .orShould(callAnyOf(Set.of(Date.class), "<init>"))
            .orShould(callAnyOf(Set.of(Clock.class), "systemUTC"))
            .orShould(callAnyOf(Set.of(Clock.class), "systemDefaultZone"))
            .orShould(callAnyOf(Set.of(Thread.class, TimeUnit.class), "sleep"))
            .orShould(callAnyOf(Set.of(LockSupport.class), "parkNanos"))
            .orShould(callAnyOf(Set.of(LockSupport.class), "parkUntil"))
            .orShould(callAnyOf(Set.of(Object.class), "wait"));

    @ArchTest
    static final ArchRule onlyTheApplicationMakesTheClocks = noClasses()
            .that()
            .doNotBelongToAnyOf(ControllerApplication.class)
            .should(callAnyOf(Set.of(InstantSource.class, NanoTicker.class), "system"));

    /** Random ids scatter over an index; those of IdSource grow. */
    @ArchTest
    static final ArchRule idsComeFromTheirSource = noClasses().should(callAnyOf(Set.of(UUID.class), "randomUUID"));

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields = noFields().should().beAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule namesSayWhatIsDone = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)")
            .orShould()
            .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)\\$.*");

    @ArchTest
    static final ArchRule noLombok = noClasses().should().dependOnClassesThat().resideInAPackage("lombok..");

    @ArchTest
    static final ArchRule restControllersAreNobodysBusiness =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    /** What answers a web request sees one tenant. */
    @ArchTest
    static final ArchRule noWebCodeActsForTheSystem = noClasses()
            .that()
            .areAnnotatedWith(RestController.class)
            .or()
            .resideInAPackage("..controller.web..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SystemTransactions.class);

    private static ArchCondition<JavaClass> haveSimpleName(String name) {
        return new ArchCondition<>("be called " + name) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean called = type.getSimpleName().equals(name);
                events.add(new SimpleConditionEvent(type, called, type.getName()));
            }
        };
    }

    private static ArchCondition<JavaClass> callAnyOf(Set<Class<?>> owners, String method) {
        List<String> names = owners.stream().map(Class::getName).toList();
        return new ArchCondition<>("call or refer to " + method + " of " + names) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                    boolean hit = names.contains(access.getTargetOwner().getName())
                            && access.getTarget().getName().equals(method);
                    if (hit) {
                        events.add(SimpleConditionEvent.satisfied(access, access.getDescription()));
                    }
                }
            }
        };
    }
}
