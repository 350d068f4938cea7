package io.postwatch.controller.home;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key-encryption keys in a file, see {@link KeyFile}. Where the file changes, the keys that were in it stay usable until
 * this process ends: something may still be wrapped by them.
 */
final class FileKekProvider implements KekProvider {
    private static final Logger LOG = LoggerFactory.getLogger(FileKekProvider.class);

    private final KeyFile file;
    private volatile Keys keys;
    private volatile KekId current;
    /** Of the thread that refreshes: what was said of the file last. */
    private @Nullable String complaint;

    private record Keys(List<KekId> kept, Map<KekId, Kek> held) {
        Keys {
            kept = List.copyOf(kept);
            held = Map.copyOf(held);
        }
    }

    private FileKekProvider(KeyFile file, List<Kek> read) {
        this.file = file;
        this.keys = keys(Map.of(), read);
        this.current = read.getFirst().id();
    }

    /** Reads the file, or makes it with a new key. */
    static FileKekProvider open(Path path) {
        KeyFile file = new KeyFile(path);
        try {
            file.makeIfMissing();
            return new FileKekProvider(file, file.read());
        } catch (IOException e) {
            throw new StartupRefused(
                    "The key-encryption key " + path + " can't be read or made.",
                    "Check the folder's owner and permissions; never delete the file: stored passwords can't be read without it.",
                    e);
        }
    }

    private static Keys keys(Map<KekId, Kek> before, List<Kek> read) {
        Map<KekId, Kek> held = new HashMap<>(before);
        read.forEach(key -> held.put(key.id(), key));
        return new Keys(read.stream().map(Kek::id).toList(), held);
    }

    @Override
    public List<KekId> kept() {
        return keys.kept();
    }

    @Override
    public List<KekId> held() {
        return List.copyOf(keys.held().keySet());
    }

    @Override
    public synchronized void refresh() {
        try {
            Keys before = keys;
            Keys now = keys(before.held(), file.read());
            if (!now.kept().equals(before.kept())) {
                LOG.info(
                        "The key file {} holds these key-encryption keys now, the one to use first: {}",
                        file.path(),
                        now.kept());
                keys = now;
            }
            complaint = null;
        } catch (IOException | StartupRefused e) {
            String now = String.valueOf(e.getMessage());
            if (!now.equals(complaint)) {
                LOG.error(
                        "The key file {} can't be read any more; the keys that were in it stay in use, but no controller"
                                + " starts like this: {}",
                        file.path(),
                        now);
            }
            complaint = now;
        }
    }

    @Override
    public KekId current() {
        return current;
    }

    @Override
    public void adopt(KekId other) {
        current = key(other).id();
    }

    @Override
    public byte[] wrap(KekId by, byte[] plain, byte[] context) {
        return key(by).wrap(plain, context);
    }

    @Override
    public byte[] unwrap(KekId by, byte[] wrapped, byte[] context) {
        return key(by).unwrap(wrapped, context);
    }

    @Override
    public byte[] derive(KekId from, String purpose, int length) {
        return key(from).derive(purpose, length);
    }

    private Kek key(KekId id) {
        Kek key = keys.held().get(id);
        if (key == null) {
            throw new IllegalArgumentException("The key-encryption key " + id + " isn't held");
        }
        return key;
    }
}
