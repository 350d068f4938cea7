package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.channel.ConnectProxy;
import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.link.channel.ProxyLogin;
import io.postwatch.agent.link.channel.ProxyTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent that reaches its controller through an HTTP proxy. */
class AgentProxyTest extends AgentTestCase {

    /** Known to the proxy and to nobody else. */
    private static final String NAME = "controller.invalid";

    private static final String SECRET = "pässword with spaces: and more";

    private ConnectProxy connect;

    @BeforeEach
    void openProxy() throws IOException {
        connect = new ConnectProxy();
        opened.add(connect);
        connect.know(NAME, "127.0.0.1");
        proxy = connect.address();
    }

    @Test
    void itEnrolsAndReportsThoughOnlyTheProxyKnowsTheControllersName() throws Exception {
        startOn(home.resolve("state"), enrolBehindProxy());
        Conversation session = connectedWith(anAssignment(1, 1).build());
        trigger(session, 1, 1, 1_700_000_000);
        awaitRows(1);
        assertThat(connect.targets())
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly(NAME + ":" + controller.address().port());
    }

    @Test
    void theProxyIsToldWhoConnectsAndAnotherPasswordCountsWithoutARestart() throws Exception {
        connect.demand("agent-7", SECRET);
        Path file = withLogin("agent-7", "an older one\n");
        assertThatThrownBy(this::enrolBehindProxy)
                .hasMessageContaining("does not accept the user \"agent-7\" with the password in " + file)
                .hasMessageNotContaining("an older one");
        Files.writeString(file, SECRET + "\r\n");
        startOn(home.resolve("state"), enrolBehindProxy());
        assertThat(controller.session(1)).isNotNull();
    }

    @Test
    void aProxyInTlsIsTrustedByItsOwnAuthority() throws Exception {
        TestAuthority lab = new TestAuthority("lab");
        try (ConnectProxy tls = ConnectProxy.inTls(lab, ConnectProxy::move)) {
            tls.know(NAME, "127.0.0.1");
            tls.demand("agent-7", SECRET);
            ControllerProxy untrusted = new ControllerProxy("localhost", tls.port(), null, new ProxyTls(List.of()));
            proxy = untrusted;
            assertUnreachable("is not trusted (");
            proxy = untrusted.withTls(new ProxyTls(List.of(lab.root())));
            assertUnreachable("wants a user and a password (407)");
            Path file = withLogin("agent-7", SECRET);
            proxy = new ControllerProxy(
                    "localhost", tls.port(), new ProxyLogin("agent-7", file), new ProxyTls(List.of(lab.root())));
            Agent agent = startOn(home.resolve("state"), enrolBehindProxy());
            trigger(connectedWith(anAssignment(1, 1).build()), 1, 1, 1_700_000_000);
            awaitRows(1);
            close(agent);
        }
    }

    @Test
    void aProxyInTlsHasTheNameThatItsCertificateHas() throws Exception {
        TestAuthority lab = new TestAuthority("lab");
        try (ConnectProxy tls = ConnectProxy.inTls(lab, ConnectProxy::move)) {
            proxy = new ControllerProxy("127.0.0.1", tls.port(), null, new ProxyTls(List.of(lab.root())));
            assertUnreachable("and the proxy's name as its certificate has it");
            assertThat(tls.heads()).isEmpty();
        }
    }

    @Test
    void aProxyWithoutTlsIsToldFromOneWithIt() {
        proxy = connect.address().withTls(new ProxyTls(List.of()));
        connect.answerAllWith(ConnectProxy.refusal("400 Bad Request", ""));
        assertUnreachable("does not speak TLS. Is the proxy's address one with http://?");
    }

    @Test
    void aProxyIsReachedByIpV6AndLeadsToIpV6() throws Exception {
        Loopback.assumeIpV6();
        try (ConnectProxy six = new ConnectProxy(InetAddress.ofLiteral("::1"), ConnectProxy::move)) {
            proxy = six.address();
            ControllerAddress address =
                    new ControllerAddress("::1", controller.address().port());
            assertThatThrownBy(() -> enrolment().enrol(address, controller.token(), "host-a"))
                    .hasMessageContaining("could not connect to the controller (it answered 502)");
            assertThat(six.targets()).containsExactly("[::1]:" + address.port());
            six.know("::1", "127.0.0.1");
            assertThat(enrolment().enrol(address, controller.token(), "host-a").controller())
                    .isEqualTo(address);
        }
    }

    @Test
    void aProxyThatAsksIsNamedAndSoIsTheSettingThatIsMissing() {
        connect.demand("agent-7", SECRET);
        assertUnreachable("wants a user and a password (407). Give them by controller.proxy-user");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 Forbidden             | Via: 1.1 lab                      | does not allow the way to the controller (it answered 403)",
                "502 Bad Gateway           | Via: 1.1 lab                      | could not connect to the controller (it answered 502)",
                "504 Gateway Timeout       | Via: 1.1 lab                      | The proxy itself looks its name up",
                "405 Method Not Allowed    | Via: 1.1 lab                      | does not do CONNECT (it answered 405)",
                "407 Authenticate          | Proxy-Authenticate: Negotiate     | not by user and password (407, it offers negotiate)",
                "407 Authenticate          | Proxy-Authenticate: NTLM, Basic x | wants a user and a password (407)",
                "407 Authenticate          | Via: 1.1 lab                      | wants a user and a password (407)",
            })
    void whatAProxyRefusesIsASentence(String status, String header, String part) {
        connect.answerAllWith(ConnectProxy.refusal(status, header + "\r\n"));
        assertUnreachable(part);
    }

    @ParameterizedTest
    @CsvSource({"220 mail.example.org ESMTP, is no HTTP proxy", "SSH-2.0-OpenSSH_10.0, is no HTTP proxy"})
    void aServerThatIsNoProxyIsCalledSo(String greeting, String part) {
        connect.answerAllWith(greeting + "\r\n");
        assertUnreachable(part);
    }

    @Test
    void aProxyThatHangsUpIsToldFromOneThatIsNotThere() throws IOException {
        connect.answerAllWith("");
        assertUnreachable("closed the connection without an answer to CONNECT");
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            proxy = new ControllerProxy("127.0.0.1", nobody.getLocalPort(), null);
        }
        assertUnreachable("can't be reached (Connection refused");
        proxy = new ControllerProxy("proxy.invalid", 3128, null);
        assertUnreachable("the name of the proxy http://proxy.invalid:3128 is not known");
    }

    @Test
    void aPasswordThatCanNoLongerBeReadIsNamed() throws IOException {
        Files.delete(withLogin("agent-7", SECRET));
        assertUnreachable("with the proxy's password can't be read");
    }

    private Path withLogin(String user, String password) throws IOException {
        Path file = home.resolve("proxy-password");
        Files.writeString(file, password);
        proxy = connect.address().withLogin(new ProxyLogin(user, file));
        return file;
    }

    private Credentials enrolBehindProxy() throws RefusedException, IOException {
        return enrolment().enrol(behindProxy(), controller.token(), "host-a");
    }

    private ControllerAddress behindProxy() {
        return new ControllerAddress(NAME, controller.address().port());
    }

    private void assertUnreachable(String part) {
        assertThatThrownBy(this::enrolBehindProxy)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isFalse())
                .hasMessageContaining("The controller at " + behindProxy() + " could not enrol this host: ")
                .hasMessageContaining(part)
                .hasMessageNotContaining(SECRET);
        assertThat(controller.enrolledAgents()).isZero();
    }
}
