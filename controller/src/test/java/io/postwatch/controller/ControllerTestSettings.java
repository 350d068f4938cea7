package io.postwatch.controller;

import io.postwatch.controller.database.DatabaseLogin;
import io.postwatch.controller.database.TestDatabase;
import io.postwatch.controller.home.TestKek;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** A fresh database and ports of its own for the controller under test. */
class ControllerTestSettings implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        DatabaseLogin owner = TestDatabase.create().owner();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "controller test",
                        Map.of(
                                "postwatch.database.url", owner.url(),
                                "postwatch.database.username", owner.username(),
                                "postwatch.database.password", owner.password(),
                                "postwatch.home.data-dir", folder().toString(),
                                "postwatch.home.key-file", TestKek.file().toString(),
                                "postwatch.events.heartbeat", "200ms",
                                "postwatch.agent.port", "0",
                                "postwatch.gateway.idle-connection", "2s",
                                "postwatch.identity.setup-token", "set-up token of tests")));
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("postwatch-test-home");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
