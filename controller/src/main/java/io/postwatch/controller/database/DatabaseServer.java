package io.postwatch.controller.database;

/** Where the database runs. */
sealed interface DatabaseServer extends AutoCloseable {
    /** The login for migrations. */
    DatabaseLogin owner();

    /** From now on its end is no loss. */
    void expectEnd();

    @Override
    void close();

    /** Somebody else's; stays when the controller stops. */
    record Configured(DatabaseLogin owner) implements DatabaseServer {
        @Override
        public void expectEnd() {}

        @Override
        public void close() {}
    }

    /** The controller's own. */
    record Embedded(EmbeddedPostgres postgres) implements DatabaseServer {
        @Override
        public DatabaseLogin owner() {
            return postgres.owner();
        }

        @Override
        public void expectEnd() {
            postgres.expectEnd();
        }

        @Override
        public void close() {
            postgres.close();
        }
    }
}
