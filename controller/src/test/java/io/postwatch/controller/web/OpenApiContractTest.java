package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The committed contract is what the controller serves, operation by operation and schema by schema, whatever the order.
 * Run with {@code -Dpostwatch.openapi.update=true} it writes what differs into the file.
 */
@ControllerTest
class OpenApiContractTest {
    private static final Path FILE = Path.of("..", "docs", "api", "openapi.json");

    private final TestPeople people;
    private final JsonMapper json = JsonMapper.shared();

    OpenApiContractTest(@Autowired TestPeople people) {
        this.people = people;
    }

    @Test
    void theCommittedContractIsWhatIsServed() throws IOException {
        JsonNode served = people.anonymous().get("/api/v1/openapi.json").json();
        ObjectNode committed = (ObjectNode) json.readTree(Files.readString(FILE));
        if (Boolean.getBoolean("postwatch.openapi.update")) {
            merge(served, committed);
            Files.writeString(FILE, written(committed) + "\n");
        }

        assertThat(served.get("openapi").asString()).startsWith("3.1");
        assertThat(served.at("/paths").propertyNames()).isNotEmpty();
        assertThat(operations(served)).isEqualTo(operations(committed));
        assertThat(served.at("/components/schemas").propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        committed.at("/components/schemas").propertyNames());
        assertThat(text(served.get("info"))).isEqualTo(text(committed.get("info")));
        for (String path : served.get("paths").propertyNames()) {
            JsonNode operations = served.get("paths").get(path);
            for (String method : operations.propertyNames()) {
                JsonNode expected = committed.get("paths").path(path).path(method);
                assertThat(text(operations.get(method))).as(method + " " + path).isEqualTo(text(expected));
            }
        }
        JsonNode schemas = served.at("/components/schemas");
        for (String name : schemas.propertyNames()) {
            assertThat(text(schemas.get(name))).as(name).isEqualTo(text(committed.at("/components/schemas/" + name)));
        }
    }

    private static SortedSet<String> operations(JsonNode document) {
        SortedSet<String> operations = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method + " " + path.getKey())));
        return operations;
    }

    private static void merge(JsonNode served, ObjectNode committed) {
        ObjectNode paths = (ObjectNode) committed.get("paths");
        served.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    ObjectNode item = paths.has(path.getKey())
                            ? (ObjectNode) paths.get(path.getKey())
                            : paths.putObject(path.getKey());
                    if (!text(item.path(operation.getKey())).equals(text(operation.getValue()))) {
                        item.set(operation.getKey(), operation.getValue());
                    }
                }));
        ObjectNode schemas = (ObjectNode) committed.at("/components/schemas");
        served.at("/components/schemas").properties().forEach(schema -> {
            if (!text(schemas.path(schema.getKey())).equals(text(schema.getValue()))) {
                schemas.set(schema.getKey(), schema.getValue());
            }
        });
    }

    /** Indented by one space, as the file is. */
    private String written(JsonNode document) {
        DefaultIndenter oneSpace = new DefaultIndenter(" ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(oneSpace)
                .withArrayIndenter(oneSpace);
        return json.writer().with(printer).writeValueAsString(document);
    }

    /** The same text for the same meaning: fields, parameters and lists of names in order. */
    private static String text(JsonNode node) {
        return sorted(node).toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonMapper.shared().createObjectNode();
            object.propertyNames().stream().sorted().forEach(name -> copy.set(name, sorted(object.get(name))));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonMapper.shared().createArrayNode();
            array.values().stream()
                    .map(OpenApiContractTest::sorted)
                    .sorted(java.util.Comparator.comparing(JsonNode::toString))
                    .forEach(copy::add);
            return copy;
        }
        return node;
    }
}
