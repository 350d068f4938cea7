package io.postwatch.controller.database;

import io.postwatch.controller.home.DataHome;
import io.postwatch.controller.home.KekProvider;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
class DatabaseConfiguration {
    /** The owner's login, of the configured server or of the embedded one, which stops with this bean. */
    @Bean
    DatabaseServer databaseServer(DatabaseProperties properties, DataHome home) {
        Optional<DatabaseLogin> owner = properties.owner();
        return owner.isPresent()
                ? new DatabaseServer.Configured(owner.get())
                : new DatabaseServer.Embedded(EmbeddedPostgres.start(home.resolve("postgres"), List.of()));
    }

    @Bean
    DatabaseAccess databaseAccess(DatabaseServer server, DatabaseProperties properties, KekProvider keks) {
        return new DatabasePreparation(properties, keks).prepare(server.owner());
    }
}
