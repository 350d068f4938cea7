package io.postwatch.testserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.postwatch.testserver.wire.Packets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the bytes get to the client, or do not. */
@Timeout(20)
class WireTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final ServerIdentity GOOD = AUTHORITY.leaf("mail.test").issue();

    @RegisterExtension
    final MailServers servers = new MailServers();

    @Test
    void saysTheSameInAnyPackets() throws IOException, GeneralSecurityException {
        TestServer server = servers.start(TestServer.smtp().startTls(GOOD).packets(Packets.random(1, 5)));
        try (TestClient client = new TestClient(server)) {
            assertThat(client.hears()).isEqualTo("220 mail.test ESMTP");
            assertThat(client.says("STARTTLS")).startsWith("220 ");
            client.startTls(AUTHORITY.root());
            assertThat(client.says("NOOP")).isEqualTo("250 2.0.0 OK");
        }
        assertThat(server.received()).containsExactly("STARTTLS", "NOOP");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 20})
    void cutsAfterSoManyBytes(long bytes) throws IOException {
        TestServer server = servers.start(TestServer.smtp().cutAfter(bytes));
        try (TestClient client = new TestClient(server)) {
            assertThat(client.hearsAll()).isEqualTo("220 mail.test ESMTP\r\n".substring(0, (int) bytes));
        }
    }

    @Test
    void cutsInsideTheHandshake() throws IOException {
        TestServer server = servers.start(TestServer.smtp().tls(GOOD).cutAfter(100));
        try (TestClient client = new TestClient(server)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.startTls(AUTHORITY.root()));
        }
    }

    @Test
    void readsNothingAnyMore() throws IOException {
        TestServer server = servers.start(TestServer.smtp().onCommand("EHLO", Reply.deafness()));
        try (TestClient client = new TestClient(server)) {
            client.hears();
            client.patience(100);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.says("EHLO me\r\nNOOP"));
        }
        assertThat(server.received()).containsExactly("EHLO me");
    }

    @Test
    void answersAHandshakeWithAnAlertOrGarbageOrAnOldHello() throws IOException {
        TestServer alert = servers.start(TestServer.smtp().greeting(Reply.tlsAlert(112)));
        TestServer garbage = servers.start(TestServer.smtp().greeting(Reply.garbage(1, 100)));
        TestServer hello = servers.start(TestServer.smtp().greeting(Reply.tlsServerHello(1)));

        assertThat(handshakeFailure(alert)).contains("unrecognized_name");
        assertThat(handshakeFailure(garbage)).isNotEmpty();
        assertThat(handshakeFailure(hello)).contains("TLS10");
    }

    @ParameterizedTest
    @CsvSource({"TLSv1, 1024", "TLSv1.1, 0"})
    void speaksOldVersions(String version, int rsaBits) throws IOException {
        TestAuthority.Leaf leaf = AUTHORITY.leaf("localhost");
        ServerIdentity identity = (rsaBits > 0 ? leaf.rsa(rsaBits) : leaf).issue();
        TestServer server = servers.start(TestServer.smtp().startTls(identity).protocols(version));
        try (OldTlsClient client = new OldTlsClient(server, version)) {
            assertThat(client.version()).isEqualTo(version.equals("TLSv1") ? "TLS 1.0" : "TLS 1.1");
            assertThat(client.says("NOOP")).isEqualTo("250 2.0.0 OK");
        }
        try (TestClient modern = new TestClient(server)) {
            modern.hears();
            modern.says("STARTTLS");
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() -> modern.startTls(AUTHORITY.root()))
                    .withMessageContaining("protocol_version");
        }
    }

    @Test
    void sendsTheChainOfTheNameThatWasAskedFor() throws IOException, GeneralSecurityException {
        ServerIdentity other = AUTHORITY.leaf("other.test").issue();
        TestServer server = servers.start(TestServer.smtp().tls(other, GOOD));
        try (TestClient client = new TestClient(server)) {
            client.startTls(AUTHORITY.root());
            assertThat(client.chain()).isEqualTo(GOOD.chain());
        }
    }

    @ParameterizedTest
    @MethodSource
    void sendsAnyChainAsItIs(TestAuthority.Leaf leaf) throws IOException, GeneralSecurityException {
        ServerIdentity identity = leaf.issue();
        TestServer server = servers.start(TestServer.smtp().tls(identity));
        try (TestClient client = new TestClient(server)) {
            client.startTlsWithAnybody();
            assertThat(client.chain()).isEqualTo(identity.chain());
        }
    }

    static Stream<TestAuthority.Leaf> sendsAnyChainAsItIs() {
        // Java's client takes ten certificates at most.
        return Stream.of(
                leaf().throughMore(8),
                leaf().inWrongOrder(),
                leaf().inLoop(),
                leaf().withoutIntermediate(),
                leaf().expiredIntermediate(),
                leaf().padded(20 * 1024),
                leaf().md5(),
                leaf().sha1(),
                leaf().rsa(1024),
                leaf().rsa(2048).selfSigned());
    }

    private static TestAuthority.Leaf leaf() {
        return AUTHORITY.leaf("mail.test");
    }

    @Test
    void ownFailuresAreKnown() throws IOException {
        IllegalStateException ours = new IllegalStateException("ours");
        try (TestServer server = TestServer.smtp()
                        .greeting(connection -> {
                            throw ours;
                        })
                        .start();
                TestClient client = new TestClient(server)) {
            assertThat(client.hearsAll()).isEmpty();
            assertThat(server.failures()).containsExactly(ours);
        }
    }

    @Test
    void ownFailuresFailTheTest() throws IOException {
        MailServers failing = new MailServers();
        TestServer server = failing.start(TestServer.smtp().greeting(connection -> {
            throw new IllegalStateException("ours");
        }));
        try (TestClient client = new TestClient(server)) {
            client.hearsAll();
        }
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(failing::closeAll)
                .withMessageContaining("ours");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new TestClient(server).close());
    }

    @Test
    void nobodyConnectsOnceItIsClosed() throws IOException {
        for (int i = 0; i < 300; i++) {
            TestServer server = TestServer.smtp().start();
            server.close();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> new TestClient(server).close());
        }
    }

    @Test
    void aServerForLongKeepsNothingOfWhatItHears() throws IOException {
        try (TestServer server = TestServer.smtp().unrecorded().start();
                TestClient client = new TestClient(server)) {
            assertThat(client.hears()).startsWith("220");
            assertThat(client.says("NOOP")).startsWith("250");
            assertThatIllegalStateException().isThrownBy(server::received);
        }
    }

    private static String handshakeFailure(TestServer server) throws IOException {
        try (TestClient client = new TestClient(server)) {
            client.startTls(AUTHORITY.root());
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
