package io.postwatch.agent.spool;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statements of one connection, each prepared once and closed with the connection, or when they are forgotten. Used by one thread at a time. */
final class SpoolStatements {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolStatements.class);

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    SpoolStatements(Connection connection) {
        this.connection = connection;
    }

    /** The statement with these values, to be executed. */
    PreparedStatement with(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /**
     * Changes rows.
     *
     * @return how many
     */
    int update(String sql, Object... values) throws SQLException {
        return with(sql, values).executeUpdate();
    }

    /** Prepares all anew when they are needed next. */
    void forget() {
        for (PreparedStatement statement : prepared.values()) {
            try {
                statement.close();
            } catch (SQLException goesWithTheConnection) {
                LOG.debug("A statement could not be closed", goesWithTheConnection);
            }
        }
        prepared.clear();
    }
}
