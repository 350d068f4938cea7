package io.postwatch.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient.Answer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What may not be sent to locations, enrolment tokens and monitor tests: each mistake has its field and its code. */
@ControllerTest
class FleetBodiesTest {
    private final TestPeople people;

    FleetBodiesTest(@Autowired TestPeople people) {
        this.people = people;
    }

    @ParameterizedTest
    @ValueSource(strings = {"locations", "enrolment-tokens", "monitor-tests"})
    void whatIsNoJson(String path) {
        for (String body : new String[] {"", "not json", "{\"name\":", "[]", "null"}) {
            Answer refused = people.member(Role.OWNER).post("/api/v1/" + path, body);

            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(refused.code()).as(body).isEqualTo("invalid-json");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    locations        | {"name": 7}                                  | name            | wrong-type
                    locations        | {"name": {"a": 1}}                           | name            | wrong-type
                    locations        | {"name": "a", "description": []}             | description     | wrong-type
                    locations        | {"name": "a", "kind": "public"}              | kind            | unknown-field
                    locations        | {"name": "LONG"}                             | name            | too-long
                    locations        | {"name": "a", "description": "LONG"}         | description     | too-long
                    enrolment-tokens | {"locationId": 7}                            | locationId      | invalid
                    enrolment-tokens | {"locationId": "here"}                       | locationId      | invalid
                    enrolment-tokens | {"lifetimeSeconds": "long"}                  | lifetimeSeconds | wrong-type
                    enrolment-tokens | {"lifetimeSeconds": 1.5}                     | lifetimeSeconds | invalid
                    monitor-tests    | {"monitor": "imap"}                          | monitor         | wrong-type
                    monitor-tests    | {"monitor": {"host": 7}}                     | monitor.host    | wrong-type
                    monitor-tests    | {"monitor": {"type": "imap", "host": "LONG"}} | host           | bad-host
                    monitor-tests    | {"monitorId": 7}                             | monitorId       | invalid
                    monitor-tests    | {"monitorId": "mine"}                        | monitorId       | invalid
                    monitor-tests    | {"locationIds": "here"}                      | locationIds     | wrong-type
                    monitor-tests    | {"locationIds": ["here"]}                    | locationIds[0]  | invalid
                    monitor-tests    | {"places": []}                               | places          | unknown-field
                    """)
    void whatIsMistypedOrTooLong(String path, String body, String field, String code) {
        Answer refused = people.member(Role.OWNER).post("/api/v1/" + path, body.replace("LONG", "x".repeat(2001)));

        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.code()).as(refused.text()).isEqualTo("invalid-fields");
        assertThat(refused.json().at("/fieldErrors/0/field").asString()).isEqualTo(field);
        assertThat(refused.json().at("/fieldErrors/0/code").asString()).isEqualTo(code);
    }
}
