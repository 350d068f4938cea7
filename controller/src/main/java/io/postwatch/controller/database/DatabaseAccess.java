package io.postwatch.controller.database;

/**
 * The prepared database as the controller may use it at run time.
 *
 * @param app the role that row-level security binds to one tenant
 * @param system the role that reads and writes a listed set of tables for all tenants
 * @param poolSize connections per role, at most
 */
public record DatabaseAccess(DatabaseLogin app, DatabaseLogin system, int poolSize) {
    /** Where the tables are. */
    public static final String SCHEMA = "postwatch";
}
