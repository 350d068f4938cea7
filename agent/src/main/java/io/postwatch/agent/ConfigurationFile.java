package io.postwatch.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A {@code .properties} file, read key by key; a key that nobody asks for is refused. */
final class ConfigurationFile {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*(B|KiB|MiB|GiB)");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");

    private final Map<String, String> values;
    private final Set<String> asked = new HashSet<>();
    private final String name;

    private ConfigurationFile(Map<String, String> values, String name) {
        this.values = values;
        this.name = name;
    }

    static ConfigurationFile none() {
        return new ConfigurationFile(Map.of(), "(no file)");
    }

    static ConfigurationFile read(Path file) throws ConfigurationException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ConfigurationException("The configuration file " + file + " can't be read.", unreadable);
        }
        return new ConfigurationFile(
                properties.stringPropertyNames().stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                key -> properties.getProperty(key).strip())),
                file.toString());
    }

    Optional<String> text(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** Whether it is there, with a value or without. */
    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The keys that begin like this, in their order. */
    Set<String> keysUnder(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A value in another form. */
    <T> Optional<T> value(String key, Function<String, T> form) throws ConfigurationException {
        Optional<String> text = text(key);
        try {
            return text.map(form);
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            throw new ConfigurationException(
                    "\"" + key + "\" in " + name + " is not right: " + malformed.getMessage() + ".", malformed);
        }
    }

    /** Values between commas. */
    <T> List<T> list(String key, Function<String, T> form) throws ConfigurationException {
        return value(
                        key,
                        text -> Arrays.stream(text.split(","))
                                .map(String::strip)
                                .filter(one -> !one.isEmpty())
                                .map(form)
                                .toList())
                .orElse(List.of());
    }

    void refuseUnknownKeys() throws ConfigurationException {
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(asked);
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("The configuration file " + name
                    + " has keys that the agent doesn't know: " + String.join(", ", unknown) + ". It knows: "
                    + String.join(", ", new TreeSet<>(asked)) + ".");
        }
    }

    /** For example {@code 512MiB}. */
    static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write a size like 512MiB, not \"" + text + "\"");
        }
        long factor = switch (matcher.group(2)) {
            case "B" -> 1L;
            case "KiB" -> 1024L;
            case "MiB" -> 1024L * 1024;
            default -> 1024L * 1024 * 1024;
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    }

    /** For example {@code 100ms}, {@code 8s}, {@code 72h}. */
    static Duration time(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write a time like 100ms, 8s, 5m, 72h or 3d, not \"" + text + "\"");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    static int count(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("write a whole number, not \"" + text + "\"", malformed);
        }
    }
}
