package io.postwatch.agent.probe.run;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.postwatch.agent.boringssl.BoringSsl;
import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.Folder;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.Pop3Request;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.MailAddress;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.tls.JdkTls;
import io.postwatch.agent.probe.tls.TlsLibrary;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A run against a server on loopback, to be told further what it does: {@code aRun().smtp(server).startTls().run()}. */
final class ARun {

    static final TestAuthority AUTHORITY = TestAuthority.create();

    /** What a server shows to be trusted by the runs of this test. */
    static final ServerIdentity GOOD = AUTHORITY.leaf("127.0.0.1", "localhost").issue();

    static final NanoTicker TICKER = System::nanoTime;
    static final String USER = "someone@example.org";
    static final String PASSWORD = "canary-'/\"9\\f2ä";

    static final HostAddressPolicy LOOPBACK_ALLOWED =
            new HostAddressPolicy(List.of(CidrBlock.of("127.0.0.0/8"), CidrBlock.of("::1")), List.of());
    static final MailHost EHLO_NAME = new MailHost("prober.example.net");

    /** By what a prober speaks TLS. Nothing that a run reports may depend on it. */
    enum Library {
        BORINGSSL,
        JDK;

        /** A prober of its own, by other clocks. */
        MailProbe probe(InstantSource clock, NanoTicker ticker) {
            return new MailProbe(
                    NameLookup.ofThisMachine(ticker),
                    LOOPBACK_ALLOWED,
                    EHLO_NAME,
                    clock,
                    ticker,
                    List.of(AUTHORITY.root()),
                    open());
        }

        private TlsLibrary open() {
            try {
                return switch (this) {
                    case BORINGSSL -> new BoringSsl();
                    case JDK -> new JdkTls();
                };
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final Map<Library, MailProbe> PROBES =
            Stream.of(Library.values()).collect(toMap(identity(), by -> by.probe(InstantSource.system(), TICKER)));

    private ProtocolOptions options = new ProtocolOptions.Smtp(null);
    private MailHost host = new MailHost("127.0.0.1");
    private int port = 1;
    private Security security = Security.NONE;
    private AddressFamily family = AddressFamily.ANY;
    private @Nullable Login login;
    private Thresholds thresholds = Thresholds.NONE;
    private CertificatePolicy policy = CertificatePolicy.DEFAULT;
    private Expectations expectations = Expectations.NONE;
    private @Nullable StopPoint stopAfter;
    private Duration timeout = Duration.ofSeconds(10);
    private MailProbe probe = of(Library.BORINGSSL);

    static ARun aRun() {
        return new ARun();
    }

    ARun smtp(TestServer server) {
        options = new ProtocolOptions.Smtp(null);
        port = server.port();
        return this;
    }

    ARun imap(TestServer server) {
        options = new ProtocolOptions.Imap(null);
        port = server.port();
        return this;
    }

    ARun pop3(TestServer server) {
        options = new ProtocolOptions.Pop3();
        port = server.port();
        return this;
    }

    ARun to(String recipient) {
        options = new ProtocolOptions.Smtp(new MailAddress(recipient));
        return this;
    }

    ARun opening(String folder) {
        options = new ProtocolOptions.Imap(new Folder(folder));
        return this;
    }

    ARun stoppingAfter(StopPoint point) {
        stopAfter = point;
        return this;
    }

    ARun expecting(Expectations all) {
        expectations = all;
        return this;
    }

    ARun against(String name) {
        host = new MailHost(name);
        return this;
    }

    ARun of(MailProtocol protocol, TestServer server) {
        return switch (protocol) {
            case SMTP -> smtp(server);
            case IMAP -> imap(server);
            case POP3 -> pop3(server);
        };
    }

    ARun port(int number) {
        port = number;
        return this;
    }

    ARun startTls() {
        security = Security.STARTTLS;
        return this;
    }

    ARun tls() {
        security = Security.TLS;
        return this;
    }

    ARun over(AddressFamily only) {
        family = only;
        return this;
    }

    ARun loggingIn() {
        return loggingIn(new Login(USER, PASSWORD, null, false));
    }

    ARun loggingInBy(AuthMechanism mechanism) {
        return loggingIn(new Login(USER, PASSWORD, mechanism, false));
    }

    ARun loggingInUnencrypted() {
        return loggingIn(new Login(USER, PASSWORD, null, true));
    }

    ARun loggingIn(Login as) {
        login = as;
        return this;
    }

    ARun within(Duration limit) {
        timeout = limit;
        return this;
    }

    ARun slowFrom(Duration warning, Duration error) {
        return slowFrom(new Thresholds(warning, error));
    }

    ARun slowFrom(Thresholds all) {
        thresholds = all;
        return this;
    }

    ARun judging(CertificatePolicy by) {
        policy = by;
        return this;
    }

    ARun by(Library library) {
        return by(of(library));
    }

    ARun by(MailProbe another) {
        probe = another;
        return this;
    }

    /** With another monotonic clock for what the prober times; the run's deadline stays with the real one. */
    ARun timedBy(NanoTicker ticker) {
        return by(
                new MailProbe(LOOPBACK_ALLOWED, EHLO_NAME, InstantSource.system(), ticker, List.of(AUTHORITY.root())));
    }

    private static MailProbe of(Library library) {
        return Objects.requireNonNull(PROBES.get(library));
    }

    ProbeResult run() {
        try (Deadline deadline = Deadline.after(timeout, TICKER)) {
            return run(deadline);
        }
    }

    ProbeResult run(Deadline deadline) {
        return probe.run(request(0), deadline);
    }

    ProbeRequest request(long number) {
        Target target = new Target(host, port, security, family);
        RunSettings settings =
                new RunSettings(target, login, thresholds, policy, expectations, stopAfter, timeout, number);
        return switch (options) {
            case ProtocolOptions.Smtp smtp -> new SmtpRequest(settings, smtp);
            case ProtocolOptions.Imap imap -> new ImapRequest(settings, imap);
            case ProtocolOptions.Pop3 pop3 -> new Pop3Request(settings, pop3);
        };
    }
}
