package io.postwatch.controller.database;

import io.postwatch.controller.home.DataHome;
import io.postwatch.controller.home.KekProvider;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
class DatabaseConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseConfiguration.class);

    /** The owner's login, of the configured server or of the embedded one, which stops with this bean. */
    @Bean
    DatabaseServer databaseServer(DatabaseProperties properties, DataHome home) {
        Optional<DatabaseLogin> owner = properties.owner();
        return owner.isPresent()
                ? new DatabaseServer.Configured(owner.get())
                : new DatabaseServer.Embedded(EmbeddedPostgres.start(
                        home.resolve("postgres"), List.of(), DatabaseConfiguration::endWithoutDatabase));
    }

    /** A controller can't do anything without it, and a start repairs it: whoever supervises the process sees it end. */
    private static void endWithoutDatabase(String sentence) {
        LOG.error("{} The controller ends; when it is started again, the database recovers.", sentence);
        System.exit(1);
    }

    /** Before anything is stopped: a service manager may stop the controller and its database at once. */
    @Bean
    static ApplicationListener<ContextClosedEvent> databaseEnd(DatabaseServer server) {
        return closed -> server.expectEnd();
    }

    @Bean
    DatabaseAccess databaseAccess(DatabaseServer server, DatabaseProperties properties, KekProvider keks) {
        return new DatabasePreparation(properties, keks).prepare(server.owner());
    }

    @Bean
    RolePasswords rolePasswords(DatabaseAccess access) {
        return new RolePasswords(access);
    }
}
