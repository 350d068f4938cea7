package io.postwatch.controller.scope;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Gives the connection of the running transaction's role, and none where no transaction runs. */
final class ScopedDataSource extends AbstractDataSource {
    private final DataSource app;
    private final DataSource system;
    private final DataSource reserve;

    ScopedDataSource(DataSource app, DataSource system, DataSource reserve) {
        this.app = app;
        this.system = system;
        this.reserve = reserve;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return switch (Transactions.opening()) {
            case Scope.OfTenant tenant -> app.getConnection();
            case Scope.OfDirectory directory -> app.getConnection();
            case Scope.OfSystem all -> system.getConnection();
            case Scope.OfReserve all -> reserve.getConnection();
        };
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("The role follows from the transaction");
    }
}
