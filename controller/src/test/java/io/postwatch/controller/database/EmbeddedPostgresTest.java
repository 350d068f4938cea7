package io.postwatch.controller.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.home.StartupRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;

@Timeout(120)
class EmbeddedPostgresTest {
    private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    private Path home = Path.of("/");

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("postwatch-embedded");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void removeHome() throws IOException {
        FileSystemUtils.deleteRecursively(home);
    }

    @Test
    void theDataOutlivesTheServer() throws SQLException {
        try (EmbeddedPostgres postgres = start()) {
            TestDatabase.execute(postgres.owner(), "CREATE TABLE kept AS SELECT 7 AS number");
        }
        try (EmbeddedPostgres postgres = start()) {
            assertThat(number(postgres.owner(), "SELECT number FROM kept")).isEqualTo(7);
        }
        assertThat(lost).isEmpty();
    }

    @Test
    void aServerThatIsStoppedTogetherWithTheControllerIsNotLost() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();
            postgres.expectEnd();

            server.destroy();
            server.onExit().get(30, TimeUnit.SECONDS);

            assertThat(lost.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void itIsDurableAndLetsNobodyInWithoutItsPassword() throws SQLException, IOException {
        try (EmbeddedPostgres postgres = start()) {
            DatabaseLogin owner = postgres.owner();
            assertThat(text(owner, "SHOW fsync")).isEqualTo("on");
            assertThat(text(owner, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(text(owner, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(text(owner, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("false");
            assertThatThrownBy(() -> DriverManager.getConnection(owner.url(), owner.username(), "guessed"))
                    .isInstanceOf(SQLException.class);
            assertThat(Files.getPosixFilePermissions(home.resolve("postgres/password")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
    }

    @Test
    void aSecondControllerOnTheSameFolderGetsASentence() {
        try (EmbeddedPostgres first = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartupRefused.class)
                    .hasMessageContaining("Another controller is running on the data folder " + home);
            assertThat(first.pid()).isPositive();
        }
    }

    @Test
    void aKilledServerDoesNotStopTheNextStart() throws Exception {
        EmbeddedPostgres killed = start();
        TestDatabase.execute(killed.owner(), "CREATE TABLE kept AS SELECT 7 AS number");
        ProcessHandle server = ProcessHandle.of(killed.pid()).orElseThrow();
        server.destroyForcibly();
        assertThat(lost.poll(30, TimeUnit.SECONDS))
                .isEqualTo("The embedded PostgreSQL has ended by itself with exit code 137.");
        killed.close();

        try (EmbeddedPostgres postgres = start()) {
            assertThat(number(postgres.owner(), "SELECT number FROM kept")).isEqualTo(7);
        }
    }

    @Test
    void aServerIsKnownThroughALinkToo() throws IOException {
        Path link = home.resolve("link");
        Files.createSymbolicLink(link, home.resolve("postgres"));
        try (EmbeddedPostgres postgres = start()) {
            ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();

            assertThat(EmbeddedPostgres.runsFrom(link, server)).isTrue();
            assertThat(EmbeddedPostgres.runsFrom(link, ProcessHandle.current())).isFalse();
        }
    }

    @Test
    void aProcessThatHappensToHaveTheOldNumberIsNoServer() throws IOException {
        start().close();
        Path pidFile = home.resolve("postgres/cluster/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + home + "\n");

        start().close();

        assertThat(ProcessHandle.current().isAlive()).isTrue();
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void aHalfMadeClusterIsMadeAnew() throws IOException {
        Path draft = home.resolve("postgres/cluster.new");
        Files.createDirectories(draft);
        Files.writeString(draft.resolve("PG_VERSION"), "18");
        Files.setPosixFilePermissions(home.resolve("postgres"), PosixFilePermissions.fromString("rwx--x--x"));

        start().close();

        assertThat(draft).doesNotExist();
    }

    @Test
    void dataOfAnotherVersionIsNotTouched() throws IOException {
        start().close();
        Files.writeString(home.resolve("postgres/cluster/PG_VERSION"), "14\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("was written by PostgreSQL 14");
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64, /postgres-linux-x86_64.txz", "Linux, aarch64, /postgres-linux-arm_64.txz"})
    void theSoftwareFitsTheMachine(String os, String architecture, String resource) {
        assertThat(PostgresSoftware.resourceFor(os, architecture)).isEqualTo(resource);
        assertThat(PostgresSoftware.class.getResource(resource)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Linux, s390x"})
    void aMachineWithoutSoftwareIsToldToBringADatabase(String os, String architecture) {
        assertThatThrownBy(() -> PostgresSoftware.resourceFor(os, architecture))
                .isInstanceOfSatisfying(
                        StartupRefused.class,
                        refused -> assertThat(refused.remedy()).contains("POSTWATCH_DATABASE_URL"));
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(home.resolve("postgres"), List.of(), lost::add);
    }

    private static int number(DatabaseLogin login, String query) throws SQLException {
        return Integer.parseInt(text(login, query));
    }

    private static String text(DatabaseLogin login, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
