package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.localsecret.LocalSecret;
import io.postwatch.agent.localsecret.LocalSecretName;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.localsecret.SecretSource;
import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.schedule.ScheduleLimits;
import io.postwatch.agent.selfcheck.EgressHosts;
import io.postwatch.agent.spool.SpoolBounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentConfigurationTest {

    @TempDir
    Path home;

    @Test
    void aStateFolderIsEnough() throws ConfigurationException {
        AgentConfiguration configuration = AgentConfiguration.read(
                new AgentConfiguration.Options(
                        null, Path.of("/var/lib/agent"), null, ProxyConfiguration.Options.NONE, null, null),
                "host-a");
        assertThat(configuration)
                .isEqualTo(new AgentConfiguration(
                        Path.of("/var/lib/agent"),
                        null,
                        null,
                        "host-a",
                        new ProbeConfiguration(
                                ProbeConfiguration.Reach.PRIVATE,
                                java.util.List.of(),
                                java.util.List.of(),
                                java.util.List.of(),
                                new MailHost("host-a")),
                        java.util.Map.of(),
                        EgressHosts.NONE,
                        SpoolBounds.DEFAULT,
                        ScheduleLimits.DEFAULT,
                        Duration.ofDays(7)));
    }

    @Test
    void everyKeyOfTheFile() throws Exception {
        Path authorities = home.resolve("ca.pem");
        Files.writeString(
                authorities,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(new io.postwatch.agent.authority.TestAuthority("extra")
                                        .root()
                                        .getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        AgentConfiguration configuration = read("""
                state = /srv/agent
                controller = [::1]:9443
                name = paris-1
                addresses.policy = private
                addresses.allow = 127.0.0.0/8, ::1
                addresses.deny = 10.1.0.0/16
                tls.extra-ca-file = %s
                smtp.ehlo-name = probe.example.org
                egress.smtp-hosts = mx.example.net, [2001:db8::1]:587
                secrets.imap-alice = env:IMAP_ALICE_PASSWORD
                secrets.imap-alice.hosts = imap.example.org, 10.0.0.7
                secrets.submission = command:/usr/bin/pass show "mail probe"
                secrets.hosts = file:/etc/postwatch/hosts
                spool.max-size = 64MiB
                spool.max-age = 2d
                runs.concurrent = 50
                runs.target-spacing = 250ms
                assignments.max-age = 12h
                """.formatted(authorities), null);
        assertThat(configuration.state()).isEqualTo(Path.of("/srv/agent"));
        assertThat(configuration.controller()).isEqualTo(new ControllerAddress("::1", 9443));
        assertThat(configuration.name()).isEqualTo("paris-1");
        assertThat(configuration.probe().addressPolicy()).isInstanceOf(HostAddressPolicy.class);
        assertThat(configuration.probe().allowed()).containsExactly(CidrBlock.of("127.0.0.0/8"), CidrBlock.of("::1"));
        assertThat(configuration.probe().denied()).containsExactly(CidrBlock.of("10.1.0.0/16"));
        assertThat(configuration.probe().extraAuthorities()).hasSize(1);
        assertThat(configuration.probe().ehloName()).isEqualTo(new MailHost("probe.example.org"));
        assertThat(configuration.egress().hosts())
                .containsExactly(EgressHosts.Host.of("mx.example.net:25"), EgressHosts.Host.of("[2001:db8::1]:587"));
        assertThat(configuration.secrets())
                .containsOnly(
                        java.util.Map.entry(
                                new LocalSecretName("imap-alice"),
                                new LocalSecret(
                                        new SecretSource.Variable("IMAP_ALICE_PASSWORD"),
                                        java.util.Set.of(new MailHost("imap.example.org"), new MailHost("10.0.0.7")))),
                        java.util.Map.entry(
                                new LocalSecretName("submission"),
                                new LocalSecret(
                                        new SecretSource.Command(
                                                java.util.List.of("/usr/bin/pass", "show", "mail probe")),
                                        java.util.Set.of())),
                        java.util.Map.entry(
                                new LocalSecretName("hosts"),
                                new LocalSecret(
                                        new SecretSource.PrivateFile(Path.of("/etc/postwatch/hosts")),
                                        java.util.Set.of())));
        assertThat(configuration.spool().bytes()).isEqualTo(64L * 1024 * 1024);
        assertThat(configuration.spool().age()).isEqualTo(Duration.ofDays(2));
        assertThat(configuration.schedule().concurrentRuns()).isEqualTo(50);
        assertThat(configuration.schedule().targetSpacing()).isEqualTo(Duration.ofMillis(250));
        assertThat(configuration.assignmentsMaxAge()).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void aPublicAgentIsToldSoByItsHost() throws Exception {
        AddressPolicy policy = read(
                        "state = /srv/agent\naddresses.policy = public\naddresses.deny = 8.8.8.0/24\n", null)
                .probe()
                .addressPolicy();
        assertThat(policy.allows(InetAddress.ofLiteral("10.0.0.1"))).isFalse();
        assertThat(policy.allows(InetAddress.ofLiteral("8.8.8.8"))).isFalse();
        assertThat(policy.allows(InetAddress.ofLiteral("8.8.4.4"))).isTrue();
        assertThat(policy.allowsPort(22)).isFalse();
        assertThatThrownBy(() ->
                        read("state = /srv/agent\naddresses.policy = public\naddresses.allow = 10.0.0.0/8\n", null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing lifts");
    }

    /** The command of a public location says so, whatever is in a file that happens to be there. */
    @Test
    void aPublicAgentIsToldSoByItsCommand() throws Exception {
        assertThat(readWithPolicy("state = /srv/agent\n", "public").probe().reach())
                .isEqualTo(ProbeConfiguration.Reach.PUBLIC);
        assertThat(readWithPolicy("state = /srv/agent\naddresses.policy = private\n", "public")
                        .probe()
                        .reach())
                .isEqualTo(ProbeConfiguration.Reach.PUBLIC);
        assertThatThrownBy(() -> readWithPolicy("state = /srv/agent\naddresses.allow = 10.0.0.0/8\n", "public"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing lifts");
        assertThatThrownBy(() -> readWithPolicy("state = /srv/agent\n", "open"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("With --addresses-policy, write private or public.");
    }

    @Test
    void secretsNeedAHostThatIsTheirOwn() {
        assertThatThrownBy(
                        () -> read("state = /srv/agent\naddresses.policy = public\nsecrets.alice = env:ALICE\n", null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("for everybody");
        assertThatThrownBy(() -> read("state = /srv/agent\nsecrets.alice = env:ALICE\nsecrets.alice.hosts =\n", null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("names no server");
        StringBuilder many = new StringBuilder("state = /srv/agent\n");
        for (int i = 0; i <= LocalSecrets.MAX_SECRETS; i++) {
            many.append("secrets.s").append(i).append(" = env:S\n");
        }
        assertThatThrownBy(() -> read(many.toString(), null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("at most 100");
    }

    @Test
    void whoMistakesThePlaceOfASecretForTheSecretDoesNotReadItInTheLog() {
        assertThatThrownBy(() -> read("state = /srv/agent\nsecrets.alice = canary-5e1f\n", null))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(refused -> {
                    for (Throwable each = refused; each != null; each = each.getCause()) {
                        assertThat(each.toString()).doesNotContain("canary-5e1f");
                    }
                });
    }

    @Test
    void theCommandLinePrecedesTheFile() throws Exception {
        AgentConfiguration configuration = read("state = /srv/agent\ncontroller = a.example:1\n", "b.example:2");
        assertThat(configuration.controller()).isEqualTo(new ControllerAddress("b.example", 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sate = /x                    | doesn't know: sate",
                "controller = somewhere       | controller",
                "controller = somewhere:0     | controller",
                "addresses.allow = 10.0.0.1/8 | addresses.allow",
                "addresses.deny = everything  | addresses.deny",
                "addresses.policy = open      | private or public",
                "spool.max-size = 512         | 512MiB",
                "spool.max-size = 1KiB        | at least 1 MiB",
                "spool.max-age = 1s           | age",
                "runs.concurrent = 0          | at least one",
                "runs.concurrent = many       | whole number",
                "runs.target-spacing = soon   | 100ms",
                "assignments.max-age = 0s     | some time",
                "assignments.max-age = long   | 100ms",
                "smtp.ehlo-name = -x-         | smtp.ehlo-name",
                "egress.smtp-hosts = mx:      | mx.example.net:587",
                "egress.smtp-hosts = a.b, A.B | twice",
                "tls.extra-ca-file = /nowhere | tls.extra-ca-file",
                "secrets.alice = pa55word      | where the secret is and not the secret itself",
                "secrets.alice = env:          | letters, digits and underscores",
                "secrets.alice = env:A-B       | letters, digits and underscores",
                "secrets.alice = file:alice    | whole path",
                "secrets.alice = command:      | whole path of a program",
                "secrets.alice = command:pass  | whole path of a program",
                "secrets.alice = command:/a \"b | quotes",
                "secrets.alice =               | must say where",
                "secrets.alice.hosts = a.b     | must say where",
                "secrets.Alice = env:A         | secrets.Alice",
                "secrets.a.b = env:A           | secrets.a.b",
                "secrets.-a = env:A            | hyphen",
                "secrets. = env:A              | 1 to 63",
                "secrets..hosts = a.b          | 1 to 63",
                "secrets.hosts = a.b           | secrets.hosts",
            })
    void whatIsWrongIsNamedInASentence(String line, String part) {
        assertThatThrownBy(() -> read("state = /srv/agent\n" + line, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith(".")
                .hasMessageContaining(part);
    }

    @Test
    void theCommandLineAnswersWithASentenceAndACode() {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(errors, true, StandardCharsets.UTF_8);
        String state = home.resolve("state").toString();
        assertThat(Main.commandLine(stream).execute("run", "--state", state)).isEqualTo(Main.MISCONFIGURED);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("isn't enrolled yet");
        assertThat(Main.commandLine(stream)
                        .execute("enrol", "--state", state, "--controller", "127.0.0.1:1", "--token", "pwe_typo"))
                .isEqualTo(Main.MISCONFIGURED);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("The token is not right")
                .doesNotContain("typo");
    }

    private AgentConfiguration read(String file, @Nullable String controller)
            throws IOException, ConfigurationException {
        return read(file, controller, null);
    }

    private AgentConfiguration readWithPolicy(String file, String policy) throws IOException, ConfigurationException {
        return read(file, null, policy);
    }

    private AgentConfiguration read(String file, @Nullable String controller, @Nullable String policy)
            throws IOException, ConfigurationException {
        Path path = home.resolve("agent.properties");
        Files.writeString(path, file);
        return AgentConfiguration.read(
                new AgentConfiguration.Options(path, null, controller, ProxyConfiguration.Options.NONE, policy, null),
                "host-a");
    }
}
