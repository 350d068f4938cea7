package io.postwatch.controller.identity;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** At each start: the owner from the configuration or a token for the set-up, and one line that says how to sign in. */
@Component
class FirstRun implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger("postwatch");

    private final FirstSetup setup;
    private final Operators operators;
    private final IdentityProperties properties;
    private final Environment environment;
    private @Nullable String token;

    FirstRun(FirstSetup setup, Operators operators, IdentityProperties properties, Environment environment) {
        this.setup = setup;
        this.operators = operators;
        this.properties = properties;
        this.environment = environment;
    }

    /** Before the controller counts as ready. */
    @Override
    public void run(ApplicationArguments arguments) {
        if (!setup.isNeeded()) {
            operators.appointFirst();
            return;
        }
        Optional<NewOwner> owner = properties.owner().configured();
        if (owner.isPresent()) {
            setup.withoutToken(owner.get());
        } else {
            token = setup.offerToken(properties.configuredToken());
        }
    }

    @EventListener
    @Order(Ordered.LOWEST_PRECEDENCE)
    void ready(ApplicationReadyEvent event) {
        LOG.info("Postwatch is ready: open {} and {}", url(), howToSignIn());
    }

    private String howToSignIn() {
        if (token == null) {
            return "sign in with your e-mail address and password";
        }
        return properties.configuredToken().isPresent()
                ? "make the first owner with the set-up token you configured"
                : "make the first owner with the one-time set-up token " + token;
    }

    private String url() {
        String scheme = environment.containsProperty("server.ssl.bundle")
                        || environment.containsProperty("server.ssl.key-store")
                        || environment.containsProperty("server.ssl.certificate")
                ? "https"
                : "http";
        String address = environment.getProperty("server.address", "");
        String host =
                address.isEmpty() || address.startsWith("127.") || address.equals("0.0.0.0") ? "localhost" : address;
        String port = environment.getProperty("local.server.port", environment.getProperty("server.port", "8080"));
        return scheme + "://" + host + ":" + port + environment.getProperty("server.servlet.context-path", "");
    }
}
