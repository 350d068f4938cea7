package io.postwatch.controller.scope;

import io.postwatch.controller.database.DatabaseAccess;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
class ScopeConfiguration {
    @Bean
    RolePools rolePools(DatabaseAccess access) {
        return new RolePools(access);
    }

    /** The only data source; JPA, the transaction manager and the JDBC client are built on it. */
    @Bean
    ScopedDataSource dataSource(RolePools pools) {
        return pools.scoped();
    }

    @Bean
    Transactions transactions(PlatformTransactionManager manager) {
        return new Transactions(manager);
    }

    @Bean
    TenantBinding tenantBinding(JdbcClient jdbc) {
        return new TenantBinding(jdbc);
    }

    @Bean
    TenantTransactions tenantTransactions(Transactions transactions, TenantBinding binding) {
        return new TenantTransactions(transactions, binding);
    }

    @Bean
    DirectoryTransactions directoryTransactions(Transactions transactions, TenantBinding binding) {
        return new DirectoryTransactions(transactions, binding);
    }

    @Bean
    SystemTransactions systemTransactions(Transactions transactions) {
        return new SystemTransactions(transactions);
    }

    @Bean
    ReservedTransactions reservedTransactions(Transactions transactions) {
        return new ReservedTransactions(transactions);
    }

    /** Up while the app role gets a connection. */
    @Bean
    HealthIndicator databaseHealthIndicator(DirectoryTransactions transactions, JdbcClient jdbc) {
        return () -> {
            transactions.run(() -> jdbc.sql("SELECT 1").query(Integer.class).single());
            return Health.up().build();
        };
    }
}
