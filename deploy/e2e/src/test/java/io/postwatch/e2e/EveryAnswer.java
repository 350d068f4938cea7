package io.postwatch.e2e;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the API for everything that its contract has to read, of everything there is. Called by one thread. */
final class EveryAnswer {
    private static final String BASE = "/api/v1";
    /** What is no JSON, and what never ends: ids and revisions alone, which are in the other answers. */
    private static final Set<String> OTHERWISE = Set.of("/audit/export", "/events");

    private final Api api;
    private final Map<String, List<String>> ids = new HashMap<>();

    EveryAnswer(Api api) {
        this.api = api;
    }

    /** The answers are where {@link Api} keeps them. Returns the paths that were asked for. */
    List<String> ask() {
        List<String> asked = new ArrayList<>();
        for (String template : templates()) {
            for (String path : filled(template)) {
                api.get(path);
                asked.add(path);
            }
        }
        for (String format : List.of("csv", "jsonl")) {
            asked.add("/audit/export?format=" + format);
            api.download(asked.getLast());
        }
        return asked;
    }

    private static List<String> templates() {
        JsonNode paths = JsonMapper.shared()
                .readTree(Platform.HOME.resolve("docs/api/openapi.json").toFile())
                .path("paths");
        return paths.propertyStream()
                .filter(path -> path.getValue().has("get"))
                .map(path -> path.getKey().substring(BASE.length()))
                .filter(path -> !OTHERWISE.contains(path))
                .sorted(Comparator.comparingInt(String::length))
                .toList();
    }

    /** With the id of each thing that the list has which stands before it. */
    private List<String> filled(String template) {
        int gap = template.indexOf('{');
        if (gap < 0) {
            return List.of(template);
        }
        String list = template.substring(0, gap - 1);
        String rest = template.substring(template.indexOf('}') + 1);
        List<String> all = new ArrayList<>();
        for (String id : ids.computeIfAbsent(list, this::listed)) {
            all.addAll(filled(list + "/" + id + rest));
        }
        return all;
    }

    private List<String> listed(String list) {
        List<String> found = new ArrayList<>();
        api.get(list)
                .body()
                .path("items")
                .forEach(item -> found.add(item.path("id").asString("")));
        return found;
    }
}
