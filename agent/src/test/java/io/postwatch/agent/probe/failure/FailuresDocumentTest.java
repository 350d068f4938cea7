package io.postwatch.agent.probe.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/failures.md tells of the codes that runs have, and of no others. */
class FailuresDocumentTest {

    /** Codes of the contract that no run has yet: what they are about is not checked. */
    private static final Set<FailureCode> NOT_YET = EnumSet.of(FailureCode.NEEDS_VERIFICATION);

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z-]+)` \\| [^|]+ \\| ([a-z]+) \\|", Pattern.MULTILINE);

    @Test
    void theDocumentHasEveryCodeWithItsOwner() throws IOException {
        String document = Files.readString(Path.of("../docs/failures.md"));
        Map<String, String> told =
                ROW.matcher(document).results().collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));

        Map<String, String> real = EnumSet.complementOf(EnumSet.copyOf(NOT_YET)).stream()
                .collect(Collectors.toMap(
                        FailureCode::code, code -> code.owner().name().toLowerCase(Locale.ROOT)));

        assertThat(told).containsExactlyInAnyOrderEntriesOf(real);
    }
}
