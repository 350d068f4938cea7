package io.postwatch.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What the API of monitors answers to input that makes no sense. */
@ControllerTest
class MonitorInputTest {
    private static final String PATH = "/api/v1/monitors";

    private final ApiClient editor;

    @Autowired
    MonitorInputTest(TestPeople people) {
        this.editor = people.member(Role.EDITOR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                             | type                   | required",
                "{'type': 'imap'}                                               | host                   | required",
                "{'type': 'imap', 'host': null}                                 | host                   | required",
                "{'type': 7, 'host': 'a.example'}                               | type                   | wrong-type",
                "{'type': 'imap', 'host': ['a.example']}                        | host                   | wrong-type",
                "{'type': 'imap', 'host': 'bad host'}                           | host                   | bad-host",
                "{'type': 'imap', 'host': '127.1'}                              | host                   | bad-host",
                "{'type': 'imap', 'host': 'a.example\\r\\nX'}                   | host                   | bad-host",
                "{'type': 'imap', 'host': 'a.example', 'port': 0}               | port                   | out-of-range",
                "{'type': 'imap', 'host': 'a.example', 'port': 65536}           | port                   | out-of-range",
                "{'type': 'imap', 'host': 'a.example', 'port': '993'}           | port                   | wrong-type",
                "{'type': 'imap', 'host': 'a.example', 'port': 9.5}             | port                   | invalid",
                "{'type': 'imap', 'host': 'a.example', 'periodSeconds': 1}      | periodSeconds          | out-of-range",
                "{'type': 'imap', 'host': 'a.example', 'tags': 'x'}             | tags                   | wrong-type",
                "{'type': 'imap', 'host': 'a.example', 'tags': [{}]}            | tags[0]                | wrong-type",
                "{'type': 'imap', 'host': 'a.example', 'colour': 'red'}         | colour                 | unknown-field",
                "{'type': 'imap', 'host': 'a.example', 'thresholds': 5}         | thresholds             | wrong-type",
                "{'type': 'imap', 'host': 'a.example', 'locations': {'allPublic': 'yes'}} | locations.allPublic | wrong-type",
                "{'type': 'imap', 'host': 'a.example', 'locations': {'locationIds': ['x']}} | locations.locationIds[0] | bad-id",
                "{'type': 'imap', 'host': 'a.example', 'credentials': {'username': 5}} | credentials.username | wrong-type",
                "{'type': 'imap', 'host': 'a.example', 'componentId': '00000000-0000-7000-8000-000000000009'} | componentId | unknown-component",
            })
    void aWrongFieldIsNamed(String body, String field, String code) {
        for (Answer answer : List.of(
                editor.post(PATH, body.replace('\'', '"')),
                editor.put(
                        PATH + "/"
                                + create(Map.of("type", "imap", "host", "a.example"))
                                        .get("id")
                                        .asString(),
                        body.replace('\'', '"')))) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("invalid-fields");
            assertThat(answer.json().at("/fieldErrors/0/field").asString()).isEqualTo(field);
            assertThat(answer.json().at("/fieldErrors/0/code").asString()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "{\"type\": \"imap\"} x"})
    void whatIsNoMonitorAtAllIsRefused(String body) {
        Answer answer = editor.post(PATH, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).matches("invalid-json|invalid-fields");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, invalid-parameter",
        "limit=501, invalid-parameter",
        "limit=x, invalid-parameter",
        "cursor=x, invalid-cursor",
        "status=GOOD, invalid-parameter",
        "type=pop4, invalid-parameter",
        "sort=port, invalid-parameter",
        "componentId=x, invalid-parameter",
        "locationId=x, invalid-parameter",
        "paused=perhaps, invalid-parameter",
        "q=%00, invalid-parameter",
    })
    void aWrongParameterOfTheListIsRefused(String query, String code) {
        assertThat(editor.get(PATH + "?" + query).code()).isEqualTo(code);
    }

    private JsonNode create(Map<String, Object> body) {
        Answer answer = editor.post(PATH, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }
}
