package io.postwatch.controller.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The agent keeps its own table of codes; docs/failures.md is what both are held to. */
class FailureCodeTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z-]+)` \\| [^|]+ \\| ([a-z]+) \\|", Pattern.MULTILINE);

    @Test
    void theDocumentedOwnersAreTheOnesTheApiTells() throws IOException {
        String document = Files.readString(Path.of("../docs/failures.md"));
        Map<String, String> told =
                ROW.matcher(document).results().collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));

        Map<String, String> real = Arrays.stream(FailureCode.values())
                .collect(Collectors.toMap(
                        FailureCode::code, code -> code.fault().name().toLowerCase(Locale.ROOT)));

        assertThat(told).isNotEmpty();
        assertThat(real).containsAllEntriesOf(told);
    }

    @Test
    void everyCodeIsFoundByItsStoredNumber() {
        for (FailureCode code : FailureCode.values()) {
            assertThat(FailureCode.ofNumber(code.number())).isEqualTo(code);
        }
    }
}
