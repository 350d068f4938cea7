package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Every kind of bad input gets a problem with a stable code; the component API stands for all. */
@ControllerTest
class ProblemsTest {
    private static final String PATH = "/api/v1/components";

    private final TestPeople people;
    private ApiClient owner;

    ProblemsTest(@Autowired TestPeople people) {
        this.people = people;
        this.owner = people.anonymous();
    }

    @BeforeEach
    void signIn() {
        owner = people.member(Role.OWNER);
    }

    @Test
    void aProblemHasTheShapeOfRfc9457() {
        Answer answer = owner.post(PATH, "{}");

        JsonNode problem = answer.json();
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(problem.get("status").asInt()).isEqualTo(answer.status()).isEqualTo(400);
        assertThat(problem.get("type").asString()).isEqualTo("urn:postwatch:problem:invalid-fields");
        assertThat(problem.get("title").asString()).isEqualTo("Some fields are not valid");
        assertThat(problem.get("detail").asString()).isEqualTo("Enter a name.");
        assertThat(problem.has("instance")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                  | invalid-json",
                "not json                          | invalid-json",
                "{\"name\":                        | invalid-json",
                "{\"name\": \"a\"} trailing        | invalid-json",
                "{\"name\": \"a\", \"name\": \"b\"} | invalid-json",
                "[]                                | invalid-json",
                "\"text\"                          | invalid-json",
                "null                              | invalid-json",
            })
    void anUnreadableBody(String body, String code) {
        Answer answer = owner.post(PATH, body == null ? "" : body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void whatWasSentIsNotRepeated() {
        Answer answer = owner.post("/api/v1/session", "{\"email\": \"a@b\", \"password\": {\"x\": \"canary-secret\"}}");

        assertThat(answer.code()).isEqualTo("invalid-fields");
        assertThat(answer.text()).doesNotContain("canary-secret");
        assertThat(owner.post("/api/v1/session", "{\"password\": \"canary-secret\" oops")
                        .text())
                .doesNotContain("canary-secret");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/v1/nothing,             404, not-found",
        "GET,    /api/nothing,                404, not-found",
        "GET,    /api,                        404, not-found",
        "POST,   /api/v1/nothing,             404, not-found",
        "GET,    /api/v1/components/not-an-id, 404, not-found",
        "DELETE, /api/v1/components/not-an-id, 404, not-found",
        "PATCH,  /api/v1/components,          405, method-not-allowed",
        "DELETE, /api/v1/components,          405, method-not-allowed",
        "GET,    /api/v1/components?limit=0,  400, invalid-parameter",
        "GET,    /api/v1/components?limit=501, 400, invalid-parameter",
        "GET,    /api/v1/components?limit=x,  400, invalid-parameter",
        "GET,    /api/v1/components?cursor=x, 400, invalid-cursor",
        "GET,    /api/v1/components?cursor=AgADYWJjAAN4eXo, 400, invalid-cursor",
        "GET,    /api/v1/components?q=%00,    400, invalid-parameter",
    })
    void aBadPathOrParameter(String method, String path, int status, String code) {
        Answer answer = owner.send(method, path, null);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    /** No client library writes such a path. */
    @Test
    void parametersThatCannotBeDecoded() throws IOException {
        String answer = raw("GET /api/v1/components?q=%zz HTTP/1.1");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"invalid-request\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /%61pi/v1/components",
        "GET,    /api;x/v1/components",
        "GET,    /api/v1;x=y/components",
        "GET,    /%61pi/v1/session",
        "GET,    /api;x/v1/session",
        "DELETE, /%61pi/v1/session",
        "DELETE, /api;x/v1/session",
        "GET,    /%61pi/v1/monitors",
        "GET,    /api;x/v1/monitors",
        "POST,   /%61pi/v1/components",
        "POST,   /api;x/v1/components",
        "GET,    /%61pi/v1/locations",
        "GET,    /api;x/v1/locations",
    })
    void anotherSpellingOfThePathOpensNothing(String method, String path) throws IOException {
        String answer = raw(method + " " + path + " HTTP/1.1");

        assertThat(answer).startsWith("HTTP/1.1 401 ").contains("\"code\":\"not-signed-in\"");
        assertThat(answer).containsIgnoringCase("Cache-Control: no-store");
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/session", "/%61pi/v1/session", "/api;x/v1/session"})
    void signingOutTakesTheSessionsToken(String path) {
        ApiClient forged = owner.without("Postwatch-Csrf-Token");

        assertThat(forged.delete(path).code()).isEqualTo("csrf-token-invalid");
        assertThat(owner.get("/api/v1/session").status()).isEqualTo(200);
    }

    private String raw(String requestLine) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), owner.port())) {
            socket.setSoTimeout(20_000);
            String request = requestLine + "\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anUnknownId() {
        assertThat(owner.get(PATH + "/" + UUID.randomUUID()).code()).isEqualTo("not-found");
    }

    @Test
    void anotherMediaType() {
        Answer answer = owner.with("Content-Type", "text/plain").post(PATH, "name=a");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.code()).isEqualTo("unsupported-media-type");
        assertThat(owner.with("Content-Type", "bad").post(PATH, "{}").code()).isEqualTo("unsupported-media-type");
    }

    @Test
    void anotherFormOfAnswer() {
        Answer answer = owner.with("Accept", "application/xml").get(PATH);

        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.code()).isEqualTo("not-acceptable");
    }

    @Test
    void tooLargeABody() {
        Answer answer = owner.post(PATH, "{\"name\": \"" + "x".repeat(BodyLimitFilter.MAX_BYTES) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("body-too-large");
    }

    @Test
    void aMissingOrMalformedTenant() {
        assertThat(owner.without("Postwatch-Tenant").get(PATH).code()).isEqualTo("invalid-parameter");
        assertThat(owner.with("Postwatch-Tenant", "x").get(PATH).code()).isEqualTo("invalid-parameter");
    }

    @Test
    void aMalformedEntityTag() {
        String id = owner.post(PATH, "{\"name\": \"a\"}").json().get("id").asString();

        assertThat(owner.with("If-Match", "5")
                        .put(PATH + "/" + id, "{\"name\": \"b\"}")
                        .code())
                .isEqualTo("invalid-parameter");
        assertThat(owner.with("If-Match", "*")
                        .put(PATH + "/" + id, "{\"name\": \"b\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aMalformedIdempotencyKey() {
        assertThat(owner.with("Idempotency-Key", "k".repeat(101))
                        .post(PATH, "{\"name\": \"a\"}")
                        .code())
                .isEqualTo("invalid-parameter");
    }

    @Test
    void nobodyIsToldToSignInFirst() {
        Answer answer = people.anonymous().get(PATH);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("not-signed-in");
        assertThat(people.anonymous()
                        .withCookie("__Host-postwatch=forged")
                        .get(PATH)
                        .code())
                .isEqualTo("not-signed-in");
    }

    @Test
    void everyAnswerTellsTheBrowserToBeCareful() {
        Answer page = people.anonymous().get("/");
        Answer api = people.anonymous().get(PATH);

        for (Answer answer : new Answer[] {page, api}) {
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("script-src 'self' 'unsafe");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.response().headers().firstValue("Strict-Transport-Security"))
                    .isEmpty();
        }
        assertThat(api.header("Cache-Control")).isEqualTo("no-store");
    }
}
