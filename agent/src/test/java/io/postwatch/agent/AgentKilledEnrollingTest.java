package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent that is killed at each of its writes while it enrols or renews, of which the controller has heard or not: it gets
 * in again as the same agent, without another token. What a kill leaves is made from a state folder that got all the way.
 */
class AgentKilledEnrollingTest extends AgentTestCase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys.pem.new half",
                "keys.pem.new",
                "keys.pem",
                "keys.pem next-tls-key.pem.new half",
                "keys.pem next-tls-key.pem.new",
                "keys.pem next-tls-key.pem",
                "keys.pem next-tls-key.pem credentials.pem.new half",
                "keys.pem next-tls-key.pem credentials.pem.new",
                "keys.pem next-tls-key.pem credentials.pem",
                "keys.pem credentials.pem"
            })
    void whileItEnrolsItIsTheSameAgentAfterwards(String left) throws Exception {
        Path state = home.resolve("state");
        PrivateFolder folder = PrivateFolder.open(state);
        IdentityStore store = new IdentityStore(folder, new SecureRandom());
        store.keys();
        store.nextTlsKey();
        byte[] tlsKey = Files.readAllBytes(state.resolve("next-tls-key.pem"));
        Credentials before = enrol();
        keep(state, left, tlsKey);

        Credentials after = enrol();

        if (left.equals("keys.pem") || left.startsWith("keys.pem ")) {
            assertThat(after.agent()).isEqualTo(before.agent());
            assertThat(controller.enrolledAgents()).isEqualTo(1);
        }
        startOn(state, after);
        controller.session(1);
        assertThat(controller.session(1).hello().getGeneration()).isEqualTo(after.generation());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys.pem credentials.pem next-tls-key.pem.new half",
                "keys.pem credentials.pem next-tls-key.pem.new",
                "keys.pem credentials.pem next-tls-key.pem",
                "keys.pem credentials.pem next-tls-key.pem credentials.pem.new half",
                "keys.pem credentials.pem next-tls-key.pem credentials.pem.new"
            })
    void whileItRenewsItRenewsAgainOrUsesWhatItHas(String left) throws Exception {
        Path state = home.resolve("state");
        controller.issueCertificates(Instant.now().minus(Duration.ofDays(30)), Duration.ofDays(7));
        Credentials before = enrol();
        identity(state).nextTlsKey();
        byte[] tlsKey = Files.readAllBytes(state.resolve("next-tls-key.pem"));
        keep(state, left, tlsKey);
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));

        startOn(state, enrolledCredentials(state));
        controller.session(1);

        Credentials after = enrolledCredentials(state);
        assertThat(after.agent()).isEqualTo(before.agent());
        assertThat(after.generation()).isGreaterThan(before.generation());
        assertThat(controller.renewals()).isEqualTo(1);
    }

    @Test
    void killedAfterItKeptItsNewCertificateItConnectsWithThat() throws Exception {
        Path state = home.resolve("state");
        Credentials before = enrol();
        identity(state).nextTlsKey();
        Files.copy(state.resolve("next-tls-key.pem"), state.resolve("next-tls-key.pem.new"));

        startOn(state, enrolledCredentials(state));

        assertThat(controller.session(1).hello().getGeneration()).isEqualTo(before.generation());
    }

    /** Of these files, the last one as whole or half of what it was to become. */
    private static void keep(Path state, String left, byte[] tlsKey) throws Exception {
        boolean half = left.endsWith(" half");
        var names = Arrays.asList(left.replace(" half", "").split(" ", -1));
        byte[] keys = Files.readAllBytes(state.resolve("keys.pem"));
        byte[] credentials = Files.readAllBytes(state.resolve("credentials.pem"));
        for (String file : new String[] {"keys.pem", "credentials.pem", "next-tls-key.pem"}) {
            Files.deleteIfExists(state.resolve(file));
        }
        for (String name : names) {
            byte[] whole = switch (name.replace(".new", "")) {
                case "keys.pem" -> keys;
                case "credentials.pem" -> credentials;
                case "next-tls-key.pem" -> tlsKey;
                default -> throw new AssertionError(name);
            };
            boolean last = name.equals(names.getLast());
            Files.write(state.resolve(name), half && last ? Arrays.copyOf(whole, whole.length / 2) : whole);
        }
        assertThat(new String(keys, StandardCharsets.US_ASCII)).contains("IDENTITY");
    }
}
