package io.postwatch.controller.database;

import io.postwatch.controller.home.StartupRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL of the controller's own, in its data folder, on loopback only.
 *
 * <p>{@link #start} and {@link #close} are called by the thread that starts and stops the controller. One platform
 * thread starts the server and reads its output until it ends: the kernel stops the server when that thread goes, so a
 * killed controller leaves no server behind. What an earlier one did leave behind is stopped by the next start.
 */
final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String SUPERUSER = "postgres";
    private static final String OWNER = "postwatch_owner";
    private static final String DATABASE = "postwatch";
    private static final int PORT_ATTEMPTS = 5;
    /** 100 ms each: recovery after a crash replays the log before it lets anybody in. */
    private static final int READY_ATTEMPTS = 3000;

    private final ChildProcesses children;
    private final FolderLock lock;
    private final PostgresSoftware software;
    private final Path cluster;
    private final String password;
    private final Process process;
    private final int port;
    private volatile boolean expectedToEnd;

    private EmbeddedPostgres(
            ChildProcesses children,
            FolderLock lock,
            PostgresSoftware software,
            Path cluster,
            String password,
            Process process,
            int port) {
        this.children = children;
        this.lock = lock;
        this.software = software;
        this.cluster = cluster;
        this.password = password;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the server in the folder, which is made and filled where it is new, and returns when it answers.
     *
     * @param settings more of PostgreSQL's settings as {@code name=value}; durability is on without them
     * @param whenLost told in one sentence, on a thread of its own, when the server has ended by itself
     */
    static EmbeddedPostgres start(Path folder, List<String> settings, Consumer<String> whenLost) {
        try {
            makeFolder(folder);
            ChildProcesses children = ChildProcesses.ofThisUser();
            children.checkReachable(folder);
            FolderLock lock = FolderLock.take(folder);
            try {
                return start(folder, settings, whenLost, children, lock);
            } catch (IOException | InterruptedException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartupRefused(
                    "The embedded PostgreSQL in " + folder + " does not start: " + e.getMessage(),
                    "Read what it says above; or set POSTWATCH_DATABASE_URL to a PostgreSQL of your own.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the embedded PostgreSQL started", e);
        }
    }

    private static EmbeddedPostgres start(
            Path folder, List<String> settings, Consumer<String> whenLost, ChildProcesses children, FolderLock lock)
            throws IOException, InterruptedException {
        PostgresSoftware software = PostgresSoftware.unpack(folder);
        String password = password(folder);
        Path cluster = folder.resolve("cluster");
        if (Files.isDirectory(cluster)) {
            checkVersion(software, cluster, children);
            stopLeftover(folder, software, cluster, children);
        } else {
            initialise(folder, software, cluster, password, children);
        }
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            ServerThread server =
                    new ServerThread(children.builder(cluster, command(software, cluster, port, settings)));
            server.start();
            Process process = server.process();
            if (answers(process, port, password)) {
                EmbeddedPostgres postgres =
                        new EmbeddedPostgres(children, lock, software, cluster, password, process, port);
                postgres.makeOwnerAndDatabase();
                postgres.watch(whenLost);
                return postgres;
            }
            process.destroyForcibly();
            String said = server.lastLines();
            if (attempt == PORT_ATTEMPTS || !said.contains("Address already in use")) {
                throw new IOException(said);
            }
        }
    }

    /** The login of the role that owns the database and its tables; it is no superuser. */
    DatabaseLogin owner() {
        return new DatabaseLogin(url(DATABASE), OWNER, password);
    }

    /** The login of the superuser, to another database of this server. */
    DatabaseLogin superuser(String database) {
        return new DatabaseLogin(url(database), SUPERUSER, password);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    private void watch(Consumer<String> whenLost) {
        var _ = process.onExit()
                .thenAcceptAsync(
                        ended -> {
                            if (!expectedToEnd) {
                                whenLost.accept("The embedded PostgreSQL has ended by itself with exit code "
                                        + ended.exitValue() + ".");
                            }
                        },
                        told -> Thread.ofPlatform()
                                .name("embedded-postgres-lost")
                                .daemon()
                                .start(told));
    }

    /** From now on its end is no loss: the controller stops, and who stops it may stop both. */
    void expectEnd() {
        expectedToEnd = true;
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Ends all connections and stops the server; whoever uses it has stopped before. */
    @Override
    public void close() {
        expectEnd();
        try {
            if (process.isAlive()) {
                stop(software, cluster, children);
            }
        } catch (IOException e) {
            LOG.warn("The embedded PostgreSQL had to be killed; it recovers at the next start. {}", e.getMessage());
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.close();
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    private static String password(Path folder) throws IOException {
        Path file = folder.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path draft = ownFile(folder);
            Files.writeString(draft, HexFormat.of().formatHex(random));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    private static Path ownFile(Path folder) throws IOException {
        return Files.createTempFile(
                folder,
                "draft",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void initialise(
            Path folder, PostgresSoftware software, Path cluster, String password, ChildProcesses children)
            throws IOException, InterruptedException {
        LOG.info("Making the embedded database in {}", cluster);
        Path draft = folder.resolve("cluster.new");
        FileSystemUtils.deleteRecursively(draft);
        Files.createDirectory(draft);
        children.giveToChild(draft);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwx------"));
        Path passwordFile = ownFile(folder);
        try {
            Files.writeString(passwordFile, password);
            children.giveToChild(passwordFile);
            children.run(
                    folder,
                    List.of(
                            software.program("initdb"),
                            "--pgdata=" + draft,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + passwordFile,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--no-instructions"));
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(draft, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void checkVersion(PostgresSoftware software, Path cluster, ChildProcesses children)
            throws IOException, InterruptedException {
        String stored = Files.readString(cluster.resolve("PG_VERSION")).strip();
        String program = children.run(cluster, List.of(software.program("postgres"), "--version"));
        if (!program.matches(".*\\) " + stored + "\\b.*")) {
            throw new StartupRefused(
                    "The data in " + cluster + " was written by PostgreSQL " + stored + ", this controller brings "
                            + program + ".",
                    "Start the controller version that wrote it, or move the data to a PostgreSQL of your own and set POSTWATCH_DATABASE_URL.");
        }
    }

    /** The lock is ours, so a server that still runs here belongs to a controller that is gone. */
    private static void stopLeftover(Path folder, PostgresSoftware software, Path cluster, ChildProcesses children)
            throws IOException, InterruptedException {
        Path pidFile = cluster.resolve("postmaster.pid");
        Optional<ProcessHandle> named = named(pidFile);
        if (named.isEmpty()) {
            return;
        }
        ProcessHandle leftover = named.get();
        if (!runsFrom(folder, leftover)) {
            // The number belongs to another program today; PostgreSQL itself would refuse to start.
            Files.deleteIfExists(pidFile);
            return;
        }
        LOG.info("A database server of an earlier run is still stopping");
        if (!ended(leftover, 10)) {
            stop(software, cluster, children);
        }
    }

    /** The system names programs by their real paths, whatever links lead to the folder. */
    static boolean runsFrom(Path folder, ProcessHandle process) throws IOException {
        Path real = folder.toRealPath();
        return process.info()
                .command()
                .filter(command -> Path.of(command).startsWith(real))
                .isPresent();
    }

    private static Optional<ProcessHandle> named(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        return lines.isEmpty() || !lines.getFirst().matches("\\d{1,9}")
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst())).filter(ProcessHandle::isAlive);
    }

    private static boolean ended(ProcessHandle process, int seconds) throws InterruptedException {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The end of a process could not be awaited", e);
        }
    }

    private static void stop(PostgresSoftware software, Path cluster, ChildProcesses children)
            throws IOException, InterruptedException {
        children.run(
                cluster,
                List.of(software.program("pg_ctl"), "stop", "--pgdata=" + cluster, "--mode=fast", "--timeout=60"));
    }

    private static List<String> command(PostgresSoftware software, Path cluster, int port, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(software.program("postgres"), "-D", cluster.toString()));
        List<String> all = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "max_connections=100",
                // A client that is gone without a word is noticed after 10 s + 3 * 5 s, not after two hours.
                "tcp_keepalives_idle=10",
                "tcp_keepalives_interval=5",
                "tcp_keepalives_count=3",
                "timezone=UTC",
                "log_timezone=UTC"));
        all.addAll(settings);
        all.forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(Process process, int port, String password) throws InterruptedException {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&loginTimeout=5";
        for (int attempt = 0; attempt < READY_ATTEMPTS && process.isAlive(); attempt++) {
            try (Connection connection = DriverManager.getConnection(url, SUPERUSER, password)) {
                return connection.isValid(5);
            } catch (SQLException e) {
                LOG.trace("Not ready yet", e);
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    private void makeOwnerAndDatabase() throws IOException {
        DatabaseLogin login = superuser("postgres");
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password());
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + OWNER + "'")) {
                statement.execute("CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + password + "'");
            }
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            }
        } catch (SQLException e) {
            close();
            throw new IOException("The embedded database could not be made: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
