package io.postwatch.controller.home;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the controller keeps its own files.
 *
 * @param dataDir the folder; by default {@code ~/.postwatch}, for root {@code /var/lib/postwatch}
 * @param keyFile the key-encryption key, where it isn't kept in the folder: several controllers on one database share it
 */
@ConfigurationProperties("postwatch.home")
record HomeProperties(@Nullable Path dataDir, @Nullable Path keyFile) {
    HomeProperties {
        dataDir = given(dataDir);
        keyFile = given(keyFile);
    }

    private static @Nullable Path given(@Nullable Path path) {
        return path == null || path.toString().isEmpty() ? null : path;
    }
}
