package io.postwatch.agent.probe.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/failures.md tells of the codes that runs have, and of no others. */
class FailuresDocumentTest {

    /** Codes of the contract that no run has yet: what they are about is not checked. */
    private static final Set<FailureCode> NOT_YET = EnumSet.of(FailureCode.NEEDS_VERIFICATION);

    /** Nobody sees these from outside: the agent's sentence, log and settings tell of them. */
    private static final Set<FailureCategory> INSIDE = EnumSet.of(FailureCategory.POLICY, FailureCategory.AGENT);

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z-]+)` \\| ([^|]+) \\| ([a-z]+) \\|([^|\\n]*)\\|$", Pattern.MULTILINE);

    /** An item of a list, with the lines that continue it. */
    private static final Pattern BY_HAND = Pattern.compile("^- `([a-z-]+)`: (.+(?:\\n  .+)*)", Pattern.MULTILINE);

    private static final Pattern COMMAND = Pattern.compile("`(?:echo \\| |timeout \\d+ )?(?:dig|nc|openssl) [^`\\n]+`");

    private static final Pattern PLACE = Pattern.compile("\\blog\\b|\\]\\(operations/agent\\.md#[a-z-]+\\)");

    @Test
    void theDocumentHasEveryCodeWithItsOwner() throws IOException {
        Map<String, String> told = rows(row -> row.group(3));

        Map<String, String> real = codes().stream()
                .collect(Collectors.toMap(
                        FailureCode::code, code -> code.owner().name().toLowerCase(Locale.ROOT)));

        assertThat(told).containsExactlyInAnyOrderEntriesOf(real);
    }

    @Test
    void everyCodeSaysWhatItMeansAndWhatToDo() throws IOException {
        assertThat(rows(row -> row.group(2)))
                .allSatisfy((code, meaning) -> assertThat(meaning).as(code).isNotBlank());
        assertThat(rows(row -> row.group(4)))
                .allSatisfy((code, advice) -> assertThat(advice).as(code).isNotBlank());
    }

    @Test
    void everyCodeIsReproducedByHandOrSaysWhereToLook() throws IOException {
        Map<String, String> byHand = BY_HAND.matcher(document())
                .results()
                .collect(Collectors.toMap(item -> item.group(1), item -> item.group(2)));

        assertThat(byHand.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        codes().stream().map(FailureCode::code).toList());
        assertThat(codes())
                .allSatisfy(code -> assertThat(byHand.get(code.code()))
                        .as(code.code())
                        .containsPattern(INSIDE.contains(code.category()) ? PLACE : COMMAND));
    }

    private static Set<FailureCode> codes() {
        return EnumSet.complementOf(EnumSet.copyOf(NOT_YET));
    }

    private static Map<String, String> rows(Function<MatchResult, String> cell) throws IOException {
        return ROW.matcher(document()).results().collect(Collectors.toMap(row -> row.group(1), cell));
    }

    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/failures.md"));
    }
}
