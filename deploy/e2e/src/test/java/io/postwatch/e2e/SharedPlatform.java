package io.postwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The real servers and a Postwatch that watches them, started once in each process that runs tests, for all tests that take
 * one of them as a parameter and leave them as they were. What Postwatch wrote is kept where such a test failed.
 */
final class SharedPlatform implements ParameterResolver, TestWatcher {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(SharedPlatform.class);

    private static final class Started implements AutoCloseable {
        private final Path folder;
        private final RealMailServers servers;
        private final Platform platform;
        private boolean failed;

        private Started() {
            try {
                folder = Files.createTempDirectory("postwatch-e2e-platform");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            servers = RealMailServers.start();
            try {
                platform = Platform.start(folder.resolve("platform"), servers.authority());
            } catch (RuntimeException e) {
                servers.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                platform.close();
            } finally {
                servers.close();
            }
            if (!failed) {
                Folders.delete(folder);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RealMailServers.class || type == Platform.class || type == Monitors.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Started started = started(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == RealMailServers.class) {
            return started.servers;
        }
        return type == Platform.class ? started.platform : new Monitors(started.platform);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        started(context).failed = true;
    }

    private static Started started(ExtensionContext context) {
        // Not of the root context: where classes are handed out one by one, each has a root of its own.
        return context.getStore(StoreScope.LAUNCHER_SESSION, HERE)
                .computeIfAbsent(Started.class, absent -> new Started(), Started.class);
    }
}
