package io.postwatch.agent.probe.dns;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a small text file of this machine says, read anew when it has changed: networks come and go under a prober that
 * runs for months. Any thread may ask; two that ask at the moment of a change may both read it.
 */
final class WatchedFile<T> {

    /** What is behind this is not read. */
    private static final int MAX_BYTES = 1024 * 1024;

    private final Path path;
    private final Function<List<String>, T> reader;
    private volatile Content<T> content;

    /** @param reader from its lines, of which a file that is not there has none */
    WatchedFile(Path path, Function<List<String>, T> reader) {
        this.path = path;
        this.reader = reader;
        this.content = new Content<>(null, reader.apply(List.of()));
    }

    T get() {
        Content<T> known = content;
        Stamp stamp = stamp();
        if (stamp == null ? known.stamp() == null : stamp.equals(known.stamp())) {
            return known.value();
        }
        Content<T> read = new Content<>(stamp, reader.apply(stamp == null ? List.of() : lines()));
        content = read;
        return read.value();
    }

    private @Nullable Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException absent) {
            return null;
        }
    }

    private List<String> lines() {
        try (InputStream file = Files.newInputStream(path)) {
            return new String(file.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    private record Content<T>(@Nullable Stamp stamp, T value) {}

    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}
}
