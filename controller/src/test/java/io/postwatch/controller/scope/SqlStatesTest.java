package io.postwatch.controller.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;

final class SqlStatesTest {
    @ParameterizedTest
    @ValueSource(strings = {"08001", "08006", "57P01", "57P03", "53300"})
    void aDatabaseThatCannotBeReachedOrEndsItsConnectionsIsAway(String state) {
        assertThat(SqlStates.tellsOfNoConnection(failed(new SQLException("no", state))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {SqlStates.LOCK_NOT_AVAILABLE, SqlStates.IDLE_IN_TRANSACTION, "40001", "57014", "23514"})
    void aDatabaseThatAnswersIsThere(String state) {
        assertThat(SqlStates.tellsOfNoConnection(failed(new SQLException("no", state))))
                .isFalse();
    }

    /** As the pool says it: nothing of the database where its connections are all in use, else why none could be opened. */
    @Test
    void aPoolThatIsUsedUpIsNoDatabaseThatIsAway() {
        assertThat(SqlStates.tellsOfNoConnection(failed(new SQLTransientConnectionException("timed out"))))
                .isFalse();
        assertThat(SqlStates.tellsOfNoConnection(failed(new SQLTransientConnectionException("timed out", "08001"))))
                .isTrue();
    }

    private static RuntimeException failed(SQLException cause) {
        return new DataAccessResourceFailureException("as Spring wraps it", cause);
    }
}
