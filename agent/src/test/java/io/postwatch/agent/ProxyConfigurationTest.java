package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.link.channel.ProxyLogin;
import io.postwatch.agent.link.channel.ProxyTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy on the way to the controller, as a host is told of it. */
class ProxyConfigurationTest {

    @TempDir
    Path home;

    private Path password;

    @BeforeEach
    void writePassword() throws IOException {
        password = home.resolve("proxy-password");
        Files.writeString(password, "s3cret\n");
    }

    @Test
    void withoutOneTheWayIsDirect() throws Exception {
        assertThat(read("", ProxyConfiguration.Options.NONE)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example.org:3128, proxy.example.org, 3128",
        "http://proxy.example.org:3128/, proxy.example.org, 3128",
        "http://192.0.2.7:80, 192.0.2.7, 80",
        "http://[2001:db8::7]:8080, 2001:db8::7, 8080",
    })
    void aProxyIsNamedByAnAddress(String text, String host, int port) throws Exception {
        assertThat(read("controller.proxy = " + text, ProxyConfiguration.Options.NONE))
                .isEqualTo(new ControllerProxy(host, port, null));
    }

    @Test
    void itsLoginIsAUserAndAFile() throws Exception {
        ControllerProxy proxy = read(
                "controller.proxy = http://proxy.example.org:3128\n" + "controller.proxy-user = agent-7\n"
                        + "controller.proxy-password-file = " + password,
                ProxyConfiguration.Options.NONE);
        assertThat(proxy)
                .isEqualTo(new ControllerProxy("proxy.example.org", 3128, new ProxyLogin("agent-7", password)));
    }

    @Test
    void aProxyInTlsMayHaveAnAuthorityOfItsOwn() throws Exception {
        X509Certificate root = new TestAuthority("lab").root();
        Path file = home.resolve("ca.pem");
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(root.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        String proxy = "controller.proxy = https://proxy.example.org:3129\n";
        assertThat(read(proxy, ProxyConfiguration.Options.NONE))
                .isEqualTo(new ControllerProxy("proxy.example.org", 3129, null, new ProxyTls(List.of())))
                .hasToString("https://proxy.example.org:3129");
        assertThat(read(proxy + "controller.proxy-ca-file = " + file, ProxyConfiguration.Options.NONE))
                .isEqualTo(new ControllerProxy("proxy.example.org", 3129, null, new ProxyTls(List.of(root))));
        assertRefused(
                proxy.replace("https", "http") + "controller.proxy-ca-file = " + file,
                "for the certificate of a proxy");
        assertRefused(
                proxy + "controller.proxy-ca-file = /nowhere", "\"controller.proxy-ca-file\" names can't be read");
    }

    @Test
    void theCommandLinePrecedesTheFile() throws Exception {
        assertThat(read(
                        "controller.proxy = http://a.example:1",
                        new ProxyConfiguration.Options("http://b.example:2", "agent-7", password.toString(), null)))
                .isEqualTo(new ControllerProxy("b.example", 2, new ProxyLogin("agent-7", password)));
        assertThat(read("controller.proxy = http://a.example:1", new ProxyConfiguration.Options("", "", "", "")))
                .isEqualTo(new ControllerProxy("a.example", 1, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "controller.proxy = proxy.example.org:3128      | must look like http://proxy.example.org:3128",
                "controller.proxy = http://proxy.example.org    | must look like http://proxy.example.org:3128",
                "controller.proxy = socks5://proxy.example:1080 | must look like http://proxy.example.org:3128",
                "controller.proxy = http://u:s3cret@p.example:1 | holds no user and no password",
                "controller.proxy-ca-file = ca.pem              | for the certificate of a proxy at https://",
                "controller.proxy-user = agent-7                | give both",
                "controller.proxy-password-file = /nowhere      | give both",
            })
    void whatIsWrongIsNamedInASentenceWithoutThePassword(String lines, String part) {
        assertRefused(lines, part);
    }

    @Test
    void aLoginThatCantBeUsedIsNoticedAtTheStart() throws IOException {
        String login = "controller.proxy-user = agent-7\ncontroller.proxy-password-file = ";
        assertRefused(login + password, "no proxy");
        String proxied = "controller.proxy = http://proxy.example.org:3128\n" + login;
        assertRefused(proxied + home.resolve("nowhere"), "can't be read");
        assertRefused(proxied.replace("agent-7", "agent:7") + password, "no colon");
        Files.writeString(password, "s3cret\ns3cret\n");
        assertRefused(proxied + password, "in one line");
        Files.writeString(password, "s3cret".repeat(1000));
        assertRefused(proxied + password, "can't be read");
    }

    @Test
    void theProgramKnowsTheOptions() {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = Main.commandLine(new PrintStream(errors, true, StandardCharsets.UTF_8))
                .execute(
                        "run",
                        "--state",
                        home.resolve("state").toString(),
                        "--proxy",
                        "socks5://proxy.example.org:3128");
        assertThat(code).isEqualTo(Main.MISCONFIGURED);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("With --proxy, the proxy's address must look like");
    }

    private void assertRefused(String lines, String part) {
        assertThatThrownBy(() -> read(lines, ProxyConfiguration.Options.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith(".")
                .hasMessageContaining(part)
                .hasMessageNotContaining("s3cret");
    }

    private @Nullable ControllerProxy read(String lines, ProxyConfiguration.Options options)
            throws IOException, ConfigurationException {
        Path file = home.resolve("agent.properties");
        Files.writeString(file, "state = /srv/agent\n" + lines + "\n");
        return AgentConfiguration.read(new AgentConfiguration.Options(file, null, null, options, null, null), "host-a")
                .proxy();
    }
}
