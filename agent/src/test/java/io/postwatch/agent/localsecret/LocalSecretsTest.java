package io.postwatch.agent.localsecret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalSecretsTest {

    private static final LocalSecretName ALICE = new LocalSecretName("imap-alice");
    private static final MailHost HOST = new MailHost("imap.example.org");

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void aNameThatIsNotListedIsLookedUpNowhere() {
        environment.put("imap-alice", "canary");
        LocalSecrets none = secrets(Map.of());

        assertThatThrownBy(() -> none.requireAllowed(ALICE, HOST))
                .isInstanceOf(LocalSecretException.class)
                .hasMessage("The agent's own configuration lists no secret \"imap-alice\".");
        assertThatThrownBy(() -> read(none, HOST)).isInstanceOf(LocalSecretException.class);
    }

    @Test
    void aSecretThatIsForSomeServersIsForNoOthers() throws Exception {
        environment.put("ALICE", "secret");
        LocalSecrets secrets = secrets(Map.of(
                ALICE,
                new LocalSecret(
                        new SecretSource.Variable("ALICE"),
                        Set.of(
                                new MailHost("IMAP.example.org"),
                                new MailHost("2001:db8::7"),
                                new MailHost("10.0.0.7")))));

        for (String allowed : List.of("imap.example.org", "2001:DB8:0:0:0:0:0:7", "10.0.0.7")) {
            assertThat(read(secrets, new MailHost(allowed))).isEqualTo("secret");
        }
        for (String other :
                List.of("example.org", "a.imap.example.org", "imap.example.org.evil.test", "2001:db8::8", "10.0.0.8")) {
            MailHost host = new MailHost(other);
            assertThatThrownBy(() -> secrets.requireAllowed(ALICE, host))
                    .isInstanceOf(LocalSecretException.class)
                    .hasMessageContainingAll("imap-alice", other);
            assertThatThrownBy(() -> read(secrets, host)).isInstanceOf(LocalSecretException.class);
        }
    }

    @Test
    void aVariableMustBeThereAndNotEmpty() throws Exception {
        LocalSecrets secrets = secrets(new SecretSource.Variable("ALICE"));

        assertThatThrownBy(() -> read(secrets, HOST))
                .isInstanceOf(LocalSecretException.class)
                .hasMessageContaining("imap-alice")
                .hasMessageNotContaining("ALICE");
        environment.put("ALICE", "");
        assertThatThrownBy(() -> read(secrets, HOST)).isInstanceOf(LocalSecretException.class);
        assertThat(secrets.troubles()).hasSize(1);
        environment.put("ALICE", " with spaces ");
        assertThat(read(secrets, HOST)).isEqualTo(" with spaces ");
        assertThat(secrets.troubles()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"se cret", "se cret\n", "se cret\r\n"})
    void aFileIsItsOneLineWithoutTheLineBreak(String content) throws Exception {
        assertThat(read(file(content), HOST)).isEqualTo("se cret");
    }

    @Test
    void aFileIsReadAnewForEachRun() throws Exception {
        LocalSecrets secrets = file("one");
        assertThat(read(secrets, HOST)).isEqualTo("one");
        Files.writeString(home.resolve("alice"), "two");
        assertThat(read(secrets, HOST)).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "a\nb", "a\n\n", "a\rb", "a\0b"})
    void aFileThatIsNotOneLineIsRefusedWithoutBeingRepeated(String content) throws Exception {
        LocalSecrets secrets = file(content);
        assertThatThrownBy(() -> read(secrets, HOST))
                .isInstanceOf(LocalSecretException.class)
                .hasMessageStartingWith("What is in the file of the secret \"imap-alice\" can't be used: it ")
                .hasMessageNotContaining(home.toString())
                .hasNoCause();
    }

    @Test
    void aFileIsTextOfBoundedLength() throws Exception {
        assertThat(read(file("x".repeat(8_192) + "\n"), HOST)).hasSize(8_192);
        LocalSecrets tooLong = file("x".repeat(8_195));
        assertThatThrownBy(() -> read(tooLong, HOST)).hasMessageContaining("longer than 8194 bytes");
        LocalSecrets binary = file("");
        Files.write(home.resolve("alice"), "pässword".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(binary, HOST)).hasMessageContaining("not text in UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------, true",
        "r--------, true",
        "rw-r-----, true",
        "r--r-----, true",
        "rw-r--r--, false",
        "rw-rw----, false",
        "rw----r--, false",
        "rw-----w-, false",
        "rwx-----x, false"
    })
    void aFileThatOthersCanReadIsNotRead(String rights, boolean isRead) throws Exception {
        LocalSecrets secrets = file("secret");
        Files.setPosixFilePermissions(home.resolve("alice"), PosixFilePermissions.fromString(rights));
        if (isRead) {
            assertThat(read(secrets, HOST)).isEqualTo("secret");
            assertThat(secrets.troubles()).isEmpty();
            return;
        }
        assertThatThrownBy(() -> read(secrets, HOST))
                .isInstanceOf(LocalSecretException.class)
                .hasMessageContaining("open to others");
        assertThat(secrets.troubles())
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.detail())
                        .startsWith(home.resolve("alice").toString()));
    }

    @Test
    void theRightsOfWhatALinkLeadsToCount() throws Exception {
        LocalSecrets secrets = file("secret");
        Path real = home.resolve("real");
        Files.move(home.resolve("alice"), real);
        Files.createSymbolicLink(home.resolve("alice"), real);
        assertThat(read(secrets, HOST)).isEqualTo("secret");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(secrets, HOST)).hasMessageContaining("open to others");
    }

    @Test
    void whatIsNoFileIsSaidSo() throws Exception {
        LocalSecrets secrets = file("secret");
        Files.delete(home.resolve("alice"));
        assertThatThrownBy(() -> read(secrets, HOST))
                .hasMessage("The file of the secret \"imap-alice\" is not there.")
                .satisfies(trouble -> assertThat(((LocalSecretException) trouble).detail())
                        .contains(home.resolve("alice").toString()));
        Files.createDirectory(
                home.resolve("alice"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThatThrownBy(() -> read(secrets, HOST)).hasMessageContaining("no ordinary file");
    }

    @Test
    void theNamesAreToldInOrderAndNothingElse() {
        LocalSecrets secrets = secrets(Map.of(
                new LocalSecretName("b"), new LocalSecret(new SecretSource.Variable("B"), Set.of()),
                new LocalSecretName("a"), new LocalSecret(new SecretSource.Variable("A"), Set.of(HOST))));
        assertThat(secrets.names()).containsExactly("a", "b");
    }

    @Test
    void theFingerprintIsThatOfWhatIsAllowed() {
        LocalSecret anywhere = new LocalSecret(new SecretSource.Variable("A"), Set.of());
        LocalSecret elsewhere = new LocalSecret(new SecretSource.Variable("B"), Set.of());
        LocalSecret here = new LocalSecret(new SecretSource.Variable("A"), Set.of(HOST));
        assertThat(secrets(Map.of()).fingerprint()).isEmpty();
        assertThat(secrets(Map.of(ALICE, anywhere)).fingerprint())
                .isEqualTo(secrets(Map.of(ALICE, elsewhere)).fingerprint())
                .isNotEqualTo(secrets(Map.of(ALICE, here)).fingerprint())
                .isNotEqualTo(
                        secrets(Map.of(new LocalSecretName("bob"), anywhere)).fingerprint());
    }

    private LocalSecrets file(String content) throws IOException {
        Path path = home.resolve("alice");
        Files.deleteIfExists(path);
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(path, content);
        return secrets(new SecretSource.PrivateFile(path));
    }

    private LocalSecrets secrets(SecretSource source) {
        return secrets(Map.of(ALICE, new LocalSecret(source, Set.of())));
    }

    private LocalSecrets secrets(Map<LocalSecretName, LocalSecret> listed) {
        return new LocalSecrets(listed, environment::get, () -> 0);
    }

    private static String read(LocalSecrets secrets, MailHost host) throws LocalSecretException {
        try (Deadline deadline = Deadline.after(Duration.ofSeconds(30), () -> 0)) {
            return secrets.read(ALICE, host, deadline);
        }
    }
}
