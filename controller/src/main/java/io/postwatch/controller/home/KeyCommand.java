package io.postwatch.controller.home;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command line for the key-encryption keys: {@code keys list}, {@code keys add} and {@code keys remove ID}. It changes
 * the key file only; running controllers see that by themselves. It finds the file as the controller does.
 */
public final class KeyCommand {
    /** The first word of such a command line. */
    public static final String NAME = "keys";

    /** A running controller counts every few seconds; an older number may have been overtaken. */
    static final Duration FRESH = Duration.ofMinutes(10);

    private static final String FILE_OPTION = "--postwatch.home.key-file=";
    private static final String FOLDER_OPTION = "--postwatch.home.data-dir=";
    private static final String USAGE = """
            keys list        which key-encryption keys the key file holds, and how much each still wraps
            keys add         puts a new key in the first place: all controllers that have it change to it
            keys remove ID   takes out a former key that wraps nothing any more
            The file is that of POSTWATCH_KEY_FILE, or in the folder POSTWATCH_DATA_DIR, as for the controller.""";

    private final Map<String, String> environment;
    private final PrintStream out;
    private final InstantSource clock;

    public KeyCommand(Map<String, String> environment, PrintStream out, InstantSource clock) {
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.clock = clock;
    }

    /** Does what the words say; the answer is the process's exit code. */
    public int run(List<String> words) {
        try {
            return dispatch(words);
        } catch (StartupRefused e) {
            out.println(e.getMessage());
            out.println(e.remedy());
        } catch (IOException e) {
            out.println("The key file can't be changed or read: " + e);
            out.println("Run this as the user who runs the controller, or change the file where it comes from.");
        }
        return 1;
    }

    private int dispatch(List<String> words) throws IOException {
        List<String> plain =
                words.stream().filter(word -> !word.startsWith("--")).skip(1).toList();
        Path folder = DataHome.configuredOrDefault(
                path(option(words, FOLDER_OPTION, "POSTWATCH_DATA_DIR")),
                System.getProperty("user.name", ""),
                Path.of(System.getProperty("user.home", ".")));
        Path given = path(option(words, FILE_OPTION, "POSTWATCH_KEY_FILE"));
        KeyFile file = new KeyFile(given == null ? DataHome.keyFile(folder) : given);
        if (!Files.exists(file.path())) {
            out.println("There is no key file " + file.path() + ".");
            out.println(
                    "A controller makes it at its first start. Or name it: POSTWATCH_KEY_FILE, POSTWATCH_DATA_DIR.");
            return 1;
        }
        if (plain.equals(List.of("list"))) {
            return list(file, KeyUse.read(folder));
        }
        if (plain.equals(List.of("add"))) {
            return add(file);
        }
        if (plain.size() == 2 && plain.getFirst().equals("remove")) {
            return remove(file, KeyUse.read(folder), plain.get(1));
        }
        out.println(USAGE);
        return 2;
    }

    private @Nullable String option(List<String> words, String option, String variable) {
        return words.stream()
                .filter(word -> word.startsWith(option))
                .map(word -> word.substring(option.length()))
                .findFirst()
                .orElse(environment.get(variable));
    }

    private static @Nullable Path path(@Nullable String given) {
        return given == null || given.isEmpty() ? null : Path.of(given);
    }

    private int list(KeyFile file, Optional<KeyUse> use) throws IOException {
        List<Kek> keys = file.read();
        out.println("Keys in " + file.path() + ", the one to use first:");
        for (Kek key : keys) {
            out.println("  " + key.id().hex() + "  "
                    + use.flatMap(known -> known.of(key.id()))
                            .map(count -> count == 0 ? "wraps nothing" : "wraps " + count)
                            .orElse("not counted yet"));
        }
        use.ifPresentOrElse(
                known -> {
                    known.wrapped().forEach((key, count) -> {
                        if (count > 0
                                && keys.stream().noneMatch(kept -> kept.id().equals(key))) {
                            out.println("  " + key.hex() + "  wraps " + count + ", and is missing in this file");
                        }
                    });
                    out.println("Counted by a running controller at " + known.at() + ".");
                },
                () -> out.println("No running controller has counted in this folder what they wrap."));
        return 0;
    }

    private int add(KeyFile file) throws IOException {
        List<Kek> keys = new ArrayList<>(file.read());
        Kek fresh = Kek.fresh();
        keys.addFirst(fresh);
        file.replace(keys);
        out.println("Added the key-encryption key " + fresh.id().hex() + " to " + file.path() + ".");
        out.println(
                "Back up this file now. Where other controllers have a key file of their own, copy this one to each:");
        out.println(
                "the new key is used as soon as all running controllers have it. Then 'keys list' shows the progress.");
        return 0;
    }

    private int remove(KeyFile file, Optional<KeyUse> use, String id) throws IOException {
        List<Kek> keys = file.read();
        List<Kek> meant =
                keys.stream().filter(key -> key.id().hex().startsWith(id)).toList();
        if (meant.size() != 1) {
            out.println(
                    meant.isEmpty() ? "No key in " + file.path() + " is called " + id + "." : id + " means several.");
            return 1;
        }
        Kek key = meant.getFirst();
        if (key.equals(keys.getFirst())) {
            out.println(key.id().hex() + " is the key to use: only former keys are taken out.");
            return 1;
        }
        Optional<KeyUse> fresh =
                use.filter(known -> !clock.instant().isAfter(known.at().plus(FRESH)));
        Optional<Long> count = fresh.flatMap(known -> known.of(key.id()));
        if (count.isEmpty()) {
            out.println("No running controller has counted in the last " + FRESH.toMinutes() + " minutes what "
                    + key.id().hex() + " wraps: start one, and try again in a minute.");
            return 1;
        }
        if (count.get() > 0) {
            out.println(key.id().hex() + " still wraps " + count.get() + ": without it that could not be read.");
            return 1;
        }
        file.replace(keys.stream().filter(kept -> !kept.equals(key)).toList());
        out.println("Took " + key.id().hex() + " out of " + file.path() + ".");
        out.println("Keep it in your backup for as long as you keep backups of the database from its time.");
        return 0;
    }
}
