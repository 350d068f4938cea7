package io.postwatch.controller.database;

import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.TestKek;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A migrated database for one test class. One server serves the whole JVM: a container where a Docker engine is, the
 * embedded PostgreSQL elsewhere; each database is a copy of one that was migrated once.
 */
public final class TestDatabase {
    private static final String OWNER = "test_owner";
    private static final String OWNER_PASSWORD = "owner-of-tests";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable DatabaseLogin superuser;
    private static boolean migrated;

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** A new copy, with all migrations applied. */
    public static synchronized TestDatabase create() {
        DatabaseLogin server = server();
        if (!migrated) {
            execute(server, "CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + OWNER_PASSWORD + "'");
            execute(server, "CREATE DATABASE migrated OWNER " + OWNER);
            prepare(new TestDatabase("migrated").owner());
            migrated = true;
        }
        String name = "test_" + COUNT.incrementAndGet();
        execute(server, "CREATE DATABASE " + name + " TEMPLATE migrated OWNER " + OWNER);
        return new TestDatabase(name);
    }

    /** A new database without any migration. */
    public static synchronized TestDatabase createEmpty() {
        create();
        String name = "empty_" + COUNT.incrementAndGet();
        execute(server(), "CREATE DATABASE " + name + " OWNER " + OWNER);
        return new TestDatabase(name);
    }

    public String url() {
        return server().url().replaceFirst("/[^/]*$", "/" + name);
    }

    /** The role that migrates; owns the tables and is no superuser. */
    public DatabaseLogin owner() {
        return new DatabaseLogin(url(), OWNER, OWNER_PASSWORD);
    }

    /** Sees everything whatever row-level security says: for asserting, never for what is tested. */
    public DatabaseLogin superuser() {
        DatabaseLogin server = server();
        return new DatabaseLogin(url(), server.username(), server.password());
    }

    static DatabaseLogin superuserOf(DatabaseLogin owner) {
        return new DatabaseLogin(owner.url(), server().username(), server().password());
    }

    /** What the controller would run with. */
    public DatabaseAccess access() {
        return prepare(owner());
    }

    static DatabaseAccess prepare(DatabaseLogin owner) {
        return prepare(owner, TestKek.get());
    }

    static DatabaseAccess prepare(DatabaseLogin owner, KekProvider kek) {
        return new DatabasePreparation(properties(owner), kek).prepare(owner);
    }

    static DatabaseProperties properties(DatabaseLogin owner) {
        DatabaseProperties.RoleLogin derived = new DatabaseProperties.RoleLogin(null, null, null);
        return new DatabaseProperties(
                owner.url(), owner.username(), owner.password(), null, "postwatch", 4, null, derived, derived);
    }

    public static void execute(DatabaseLogin login, String sql) {
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    private static synchronized DatabaseLogin server() {
        if (superuser == null) {
            superuser = dockerEngineIsThere() ? startContainer() : startEmbedded();
        }
        return superuser;
    }

    /** Testcontainers' own search costs seconds and logs an error where there is none. */
    private static boolean dockerEngineIsThere() {
        return System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    }

    private static DatabaseLogin startContainer() {
        // Stopped by Testcontainers when this JVM ends.
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
        container.start();
        return new DatabaseLogin(
                container.getJdbcUrl().replaceFirst("\\?.*", ""), container.getUsername(), container.getPassword());
    }

    private static DatabaseLogin startEmbedded() {
        try {
            Path folder = Files.createTempDirectory(
                    "postwatch-test-database",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            EmbeddedPostgres postgres = EmbeddedPostgres.start(
                    folder.resolve("postgres"),
                    List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
                    sentence -> {
                        throw new IllegalStateException(sentence);
                    });
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                postgres.close();
                delete(folder);
            }));
            return postgres.superuser("postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
