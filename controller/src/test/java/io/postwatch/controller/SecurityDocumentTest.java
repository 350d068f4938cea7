package io.postwatch.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/security.md claims nothing without naming the test that proves it, or saying that it is not kept or not proven; and
 * every test that it names exists. Claims are the rows of its tables, whose last column is for that, and the items of its lists.
 */
class SecurityDocumentTest {
    private static final Path REPOSITORY = Path.of("..");

    /** {@code `ClassTest`} or {@code `ClassTest.method`}. */
    private static final Pattern REFERENCE = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");

    private static final Pattern OPEN = Pattern.compile("\\*not (?:kept|proven)\\*: .*\\w.*");

    private static final Pattern TEST =
            Pattern.compile("@(?:Test|ParameterizedTest|TestFactory|RepeatedTest|FuzzTest)\\b");

    /** A row or an item, and the part of it that says what proves it. */
    private record Claim(String text, String proof) {
        boolean isAnsweredFor() {
            return OPEN.matcher(proof).find() || REFERENCE.matcher(proof).find();
        }
    }

    @Test
    void everyClaimNamesItsTestOrSaysThatThereIsNone() throws IOException {
        List<Claim> claims = claims(document());

        assertThat(claims).hasSizeGreaterThan(60);
        assertThat(claims.stream().filter(claim -> !claim.isAnsweredFor())).isEmpty();
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, List<String>> sources = sources();

        assertThat(sources).hasSizeGreaterThan(100);
        assertThat(missing(document(), sources)).isEmpty();
    }

    @Test
    void whatIsNotProvenIsNoticed() {
        String text = """
                | who can | test |
                |---|---|
                | read | `KnownTest.reads` |
                | write | surely not |
                | guess | *not proven*: nobody has tried |

                - nothing of the kind
                - nor this, see `KnownTest`
                  and what follows
                """;

        assertThat(claims(text)).hasSize(5);
        assertThat(claims(text).stream().filter(claim -> !claim.isAnsweredFor()).map(Claim::text))
                .containsExactly("| write | surely not |", "- nothing of the kind");
    }

    @Test
    void aTestThatIsNotThereIsNoticed() {
        Map<String, List<String>> sources = Map.of("KnownTest", List.of("""
                class KnownTest {
                    @Test
                    void reads() {
                    }

                    private void helps() {
                    }
                }
                """));

        assertThat(missing("`KnownTest` `KnownTest.reads` `KnownTest.helps` `KnownTest.writes` `OtherTest`", sources))
                .containsExactly("KnownTest.helps", "KnownTest.writes", "OtherTest");
    }

    private static List<Claim> claims(String text) {
        List<Claim> claims = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean head = i + 1 < lines.size() && lines.get(i + 1).startsWith("|---");
            if (line.startsWith("|") && !line.startsWith("|---") && !head) {
                List<String> cells = List.of(line.split("\\|", -1));
                claims.add(new Claim(line, cells.get(cells.size() - 2)));
            } else if (line.startsWith("- ")) {
                StringBuilder item = new StringBuilder(line);
                while (i + 1 < lines.size() && lines.get(i + 1).startsWith("  ")) {
                    i++;
                    item.append(' ').append(lines.get(i).strip());
                }
                claims.add(new Claim(item.toString(), item.toString()));
            }
        }
        return claims;
    }

    /** What is named and not there. */
    private static List<String> missing(String text, Map<String, List<String>> sources) {
        return REFERENCE
                .matcher(text)
                .results()
                .filter(reference -> sources.getOrDefault(reference.group(1), List.of()).stream()
                        .noneMatch(source -> reference.group(2) == null || hasTest(source, reference.group(2))))
                .map(reference ->
                        reference.group(2) == null ? reference.group(1) : reference.group(1) + "." + reference.group(2))
                .distinct()
                .toList();
    }

    /** Its annotations stand between the blank line before it and its name. */
    private static boolean hasTest(String source, String method) {
        return Pattern.compile("^ {4}(?:public )?[\\w<>]+ " + method + "\\(", Pattern.MULTILINE)
                .matcher(source)
                .results()
                .anyMatch(declared -> {
                    int blank = source.lastIndexOf("\n\n", declared.start());
                    return TEST.matcher(source.substring(Math.max(0, blank), declared.start()))
                            .find();
                });
    }

    /** The source of every class of tests, by its name, which several modules may have. */
    private static Map<String, List<String>> sources() throws IOException {
        Map<String, List<String>> sources = new HashMap<>();
        List<Path> modules = new ArrayList<>(List.of(REPOSITORY.resolve("agent"), REPOSITORY.resolve("controller")));
        try (Stream<Path> more = Files.list(REPOSITORY.resolve("deploy"))) {
            modules.addAll(more.toList());
        }
        for (Path module : modules) {
            Path tests = module.resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        String name = String.valueOf(file.getFileName()).replace(".java", "");
                        sources.computeIfAbsent(name, absent -> new ArrayList<>())
                                .add(Files.readString(file));
                    }
                }
            }
        }
        return sources;
    }

    private static String document() throws IOException {
        return Files.readString(REPOSITORY.resolve("docs/security.md"));
    }
}
