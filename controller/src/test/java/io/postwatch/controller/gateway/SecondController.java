package io.postwatch.controller.gateway;

import io.postwatch.controller.ControllerApplication;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.web.ApiClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/** Another controller on the database of the one under test, in the same JVM: its own context, its own ports. */
final class SecondController implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private SecondController(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static SecondController beside(Environment first, Path folder) {
        Map<String, Object> settings = new HashMap<>();
        for (String same : new String[] {
            "postwatch.database.url",
            "postwatch.database.username",
            "postwatch.database.password",
            "postwatch.home.key-file",
            "postwatch.events.heartbeat",
            "postwatch.identity.setup-token",
            "postwatch.peers.hints"
        }) {
            settings.put(same, first.getProperty(same, "true"));
        }
        settings.put("postwatch.home.data-dir", folder.toString());
        settings.put("postwatch.agent.port", "0");
        settings.put("server.port", "0");
        return new SecondController(new SpringApplicationBuilder(ControllerApplication.class)
                .initializers(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("second controller", settings)))
                .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ControllerId id() {
        return bean(ControllerId.class);
    }

    int agentPort() {
        return bean(AgentServer.class).port();
    }

    /** The same person, whose session is in the database, at this controller. */
    ApiClient as(ApiClient person) {
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        return new ApiClient(port, person.json(), person.tenantOrNull(), person.headers());
    }

    @Override
    public void close() {
        context.close();
    }
}
