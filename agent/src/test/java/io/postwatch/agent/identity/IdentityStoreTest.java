package io.postwatch.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityStoreTest {

    @TempDir
    Path home;

    private PrivateFolder folder;
    private IdentityStore store;

    @BeforeEach
    void open() throws IOException {
        folder = PrivateFolder.open(home.resolve("state"));
        store = new IdentityStore(folder, new SecureRandom());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n", "@@@@"})
    void aKeyForTheNextCertificateThatIsDamagedIsMadeAnew(String content) throws IOException {
        folder.replace("next-tls-key.pem", content.getBytes(StandardCharsets.US_ASCII));
        assertThat(store.nextTlsKey().publicKey()).isEqualTo(store.nextTlsKey().publicKey());
    }

    @Test
    void theKeysAreMadeOnce() throws IOException {
        AgentKeys made = store.keys();
        AgentKeys read = new IdentityStore(folder, new SecureRandom()).keys();
        assertThat(read.identityKey()).isEqualTo(made.identityKey()).hasSize(32);
        assertThat(read.sealingKey()).isEqualTo(made.sealingKey()).hasSize(32);
    }

    @Test
    void signaturesVerifyWithThePublicKey() throws IOException {
        AgentKeys keys = store.keys();
        byte[] message = {1, 2, 3};
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(keys.identityKey()));
        verifier.update(message, 0, message.length);
        assertThat(verifier.verifySignature(keys.sign(message))).isTrue();
    }

    @Test
    void aRequestThatIsRepeatedUsesTheSameKeyUntilItsCertificateIsThere() throws Exception {
        TestAuthority authority = new TestAuthority("platform");
        TlsKey first = store.nextTlsKey();
        assertThat(store.nextTlsKey().publicKey()).isEqualTo(first.publicKey());

        Credentials credentials = credentials(authority, first, Instant.now(), Duration.ofDays(7));
        store.save(credentials);

        Credentials read = store.credentials().orElseThrow();
        assertThat(read).isEqualTo(credentials);
        assertThat(read.key()).isEqualTo(first.privateKey());
        assertThat(store.nextTlsKey().publicKey()).isNotEqualTo(first.publicKey());
    }

    @Test
    void credentialsAreSavedBesideADamagedKeyForTheNextCertificate() throws Exception {
        Credentials credentials =
                credentials(new TestAuthority("platform"), store.nextTlsKey(), Instant.now(), Duration.ofDays(7));
        folder.replace("next-tls-key.pem", "damaged".getBytes(StandardCharsets.US_ASCII));
        store.save(credentials);
        assertThat(store.credentials()).contains(credentials);
    }

    /** As by the end of the session beside which it is renewed. */
    @Test
    void credentialsAreSavedByAThreadThatIsInterrupted() throws Exception {
        Credentials credentials =
                credentials(new TestAuthority("platform"), store.nextTlsKey(), Instant.now(), Duration.ofDays(7));
        Thread.currentThread().interrupt();

        store.save(credentials);

        assertThat(Thread.interrupted()).as("it still is").isTrue();
        assertThat(store.credentials()).contains(credentials);
        assertThat(store.nextTlsKey().isOf(credentials.chain().getFirst())).isFalse();
    }

    @Test
    void credentialsCountAlsoWhereTheKeyThatTheyWereAskedForWithCannotBeDeleted() throws Exception {
        Credentials credentials =
                credentials(new TestAuthority("platform"), store.nextTlsKey(), Instant.now(), Duration.ofDays(7));
        folder.delete("next-tls-key.pem");
        Files.createDirectory(folder.path("next-tls-key.pem"));

        store.save(credentials);

        assertThat(store.credentials()).contains(credentials);
    }

    @Test
    void savingChangedRootsKeepsAKeyThatWaitsForItsCertificate() throws Exception {
        TestAuthority authority = new TestAuthority("platform");
        Credentials credentials = credentials(authority, store.nextTlsKey(), Instant.now(), Duration.ofDays(7));
        store.save(credentials);
        TlsKey waiting = store.nextTlsKey();
        TestAuthority next = new TestAuthority("next");
        store.save(credentials.withRoots(List.of(authority.root(), next.root())));
        assertThat(store.nextTlsKey().publicKey()).isEqualTo(waiting.publicKey());
        assertThat(store.credentials().orElseThrow().roots()).containsExactly(authority.root(), next.root());
    }

    @Test
    void theStorageKeyIsMadeOnce() throws IOException {
        assertThat(store.storageKey()).isEqualTo(store.storageKey());
        assertThat(store.storageKey().getEncoded()).hasSize(32);
    }

    @Test
    void renewalIsAtHalfLifePlusOrMinusATenth() {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        Instant until = from.plus(Duration.ofDays(10));
        assertThat(RenewalRule.renewAt(from, until, 0)).isEqualTo(from.plus(Duration.ofDays(4)));
        assertThat(RenewalRule.renewAt(from, until, 0.5)).isEqualTo(from.plus(Duration.ofDays(5)));
        assertThat(RenewalRule.renewAt(from, until, 1)).isEqualTo(from.plus(Duration.ofDays(6)));
    }

    @Test
    void theMomentOfOneCertificateDoesNotWander() throws Exception {
        Credentials credentials =
                credentials(new TestAuthority("platform"), store.nextTlsKey(), Instant.now(), Duration.ofDays(10));
        Instant moment = RenewalRule.renewAt(credentials);
        assertThat(moment)
                .isEqualTo(RenewalRule.renewAt(credentials))
                .isBetween(
                        credentials.notBefore().plus(Duration.ofDays(4)),
                        credentials.notBefore().plus(Duration.ofDays(6)));
    }

    private static Credentials credentials(TestAuthority authority, TlsKey key, Instant from, Duration life)
            throws Exception {
        UUID agent = UUID.randomUUID();
        return new Credentials(
                new AgentId(agent),
                "agent-ä",
                "Paris",
                ControllerAddress.parse("[::1]:9443"),
                key.privateKey(),
                List.of(authority.clientCertificate(key.certificateRequest(), agent, from, from.plus(life))),
                List.of(authority.root()),
                7);
    }
}
