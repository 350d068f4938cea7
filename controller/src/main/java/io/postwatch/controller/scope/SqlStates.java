package io.postwatch.controller.scope;

import java.sql.SQLException;
import java.util.List;

/** Why the database refused a statement, in its own five letters; Spring has no exception of its own for these. */
public final class SqlStates {
    /** Somebody else holds a lock, and has not let go within the time that a run-time role waits. */
    public static final String LOCK_NOT_AVAILABLE = "55P03";
    /** Nothing was heard in a transaction for so long that its session was ended. */
    public static final String IDLE_IN_TRANSACTION = "25P03";

    /** PostgreSQL's class of broken connections, and of those that it ends or does not take, for one because it has too many. */
    private static final List<String> NO_CONNECTION = List.of("08", "57P", "53300");

    private SqlStates() {}

    /** Whether it failed because there is no connection to the database. */
    public static boolean tellsOfNoConnection(Throwable failure) {
        String state = of(failure);
        return NO_CONNECTION.stream().anyMatch(state::startsWith);
    }

    /** Of what a failure comes from; empty where that isn't the database. */
    public static String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && refused.getSQLState() != null) {
                return refused.getSQLState();
            }
        }
        return "";
    }
}
