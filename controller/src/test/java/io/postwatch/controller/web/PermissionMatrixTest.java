package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The permission matrix, asked of every endpoint there is: the tests are made from the endpoints themselves. */
@ControllerTest
class PermissionMatrixTest {
    private final TestPeople people;
    private final RequestMappingHandlerMapping mappings;

    PermissionMatrixTest(
            @Autowired TestPeople people,
            @Autowired @org.springframework.beans.factory.annotation.Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mappings) {
        this.people = people;
        this.mappings = mappings;
    }

    @Test
    void everyEndpointSaysWhoMayCallIt() {
        assertThat(endpoints())
                .isNotEmpty()
                .allSatisfy(endpoint ->
                        assertThat(endpoint.rules()).as(endpoint.toString()).isEqualTo(1));
    }

    @TestFactory
    Stream<DynamicTest> everyEndpointAsksForItsPermission() {
        Map<Role, ApiClient> members = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            members.put(role, people.member(role));
        }
        return endpoints().stream()
                .filter(endpoint -> !isEndless(endpoint))
                .flatMap(endpoint -> endpoint.permission().stream()
                        .flatMap(permission -> Stream.of(Role.values())
                                .map(role -> dynamicTest(
                                        endpoint + " as " + role, () -> check(endpoint, permission, role, members)))));
    }

    private static void check(Endpoint endpoint, Permission permission, Role role, Map<Role, ApiClient> members) {
        ApiClient member = members.getOrDefault(role, members.get(Role.VIEWER));
        if (member == null) {
            throw new IllegalStateException("Nobody is " + role);
        }
        ApiClient.Answer answer = member.send(endpoint.method(), endpoint.path(), endpoint.body());

        if (permission.isGiven(role)) {
            assertThat(answer.status()).as(answer.text()).isNotIn(401, 403);
            assertThat(answer.status()).as(answer.text()).isLessThan(500);
        } else {
            assertThat(answer.code()).isEqualTo("permission-denied");
        }
    }

    @TestFactory
    Stream<DynamicTest> nobodyGetsPastTheDoor() {
        ApiClient nobody =
                people.anonymous().with("Postwatch-Tenant", UUID.randomUUID().toString());
        return endpoints().stream()
                .filter(endpoint -> !endpoint.isOpen())
                .map(endpoint -> dynamicTest(
                        endpoint.toString(),
                        () -> assertThat(nobody.send(endpoint.method(), endpoint.path(), endpoint.body())
                                        .code())
                                .isEqualTo("not-signed-in")));
    }

    @TestFactory
    Stream<DynamicTest> aMemberOfAnotherTenantFindsNothing() {
        ApiClient there = people.member(Role.OWNER);
        ApiClient foreigner = people.member(Role.OWNER)
                .with("Postwatch-Tenant", there.tenant().toString());
        return endpoints().stream()
                .filter(endpoint -> endpoint.permission().isPresent())
                .map(endpoint -> dynamicTest(
                        endpoint.toString(),
                        () -> assertThat(foreigner
                                        .send(endpoint.method(), endpoint.path(), endpoint.body())
                                        .code())
                                .isEqualTo("not-found")));
    }

    @TestFactory
    Stream<DynamicTest> everyChangeNeedsTheSessionsToken() {
        ApiClient forged = people.member(Role.OWNER).without("Postwatch-Csrf-Token");
        return endpoints().stream()
                .filter(endpoint -> !endpoint.isOpen() && !endpoint.method().equals(HttpMethod.GET.name()))
                .map(endpoint -> dynamicTest(
                        endpoint.toString(),
                        () -> assertThat(forged.send(endpoint.method(), endpoint.path(), endpoint.body())
                                        .code())
                                .isEqualTo("csrf-token-invalid")));
    }

    /** Answers for as long as it is listened to. */
    private static boolean isEndless(Endpoint endpoint) {
        return endpoint.path().equals("/api/v1/events");
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        mappings.getHandlerMethods().forEach((info, handler) -> {
            if (handler.getBeanType().getName().startsWith("io.postwatch.")) {
                endpoints.addAll(of(info, handler));
            }
        });
        return endpoints;
    }

    private static List<Endpoint> of(RequestMappingInfo info, HandlerMethod handler) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String pattern : info.getPatternValues()) {
            if (pattern.startsWith("/api/")) {
                for (RequestMethod method : info.getMethodsCondition().getMethods()) {
                    endpoints.add(new Endpoint(method.name(), pattern, handler));
                }
            }
        }
        return endpoints;
    }

    private record Endpoint(String method, String pattern, HandlerMethod handler) {
        String path() {
            return pattern.replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
        }

        @org.jspecify.annotations.Nullable
        String body() {
            return method.equals("POST") || method.equals("PUT") ? "{}" : null;
        }

        boolean isOpen() {
            return handler.hasMethodAnnotation(ForAnybody.class);
        }

        Optional<Permission> permission() {
            return Optional.ofNullable(handler.getMethodAnnotation(ForMembers.class))
                    .map(ForMembers::value);
        }

        int rules() {
            return (isOpen() ? 1 : 0)
                    + (handler.hasMethodAnnotation(ForSignedIn.class) ? 1 : 0)
                    + (permission().isPresent() ? 1 : 0);
        }

        @Override
        public String toString() {
            return method + " " + pattern;
        }
    }
}
