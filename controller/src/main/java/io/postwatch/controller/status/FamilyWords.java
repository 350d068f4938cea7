package io.postwatch.controller.status;

import io.postwatch.controller.shared.AddressFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Joins what is said of address families. Pure. */
final class FamilyWords {
    private FamilyWords() {}

    /**
     * For example {@code IPv6: Connection refused}.
     *
     * @param said told in its order
     * @param all whether there is no other family: then they need no name to say the same
     */
    static String join(SequencedMap<AddressFamily, String> said, boolean all) {
        SequencedMap<String, List<String>> families = new LinkedHashMap<>();
        said.forEach((family, words) ->
                families.computeIfAbsent(words, same -> new ArrayList<>()).add(family.title()));
        return families.entrySet().stream()
                .map(same -> all && families.size() == 1
                        ? same.getKey()
                        : String.join(" and ", same.getValue()) + ": " + same.getKey())
                .collect(Collectors.joining("; "));
    }
}
