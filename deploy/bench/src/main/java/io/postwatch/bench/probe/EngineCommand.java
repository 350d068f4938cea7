package io.postwatch.bench.probe;

import com.sun.management.ThreadMXBean;
import io.postwatch.agent.boringssl.BoringSsl;
import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.run.MailProbe;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.tls.JdkTls;
import io.postwatch.agent.probe.tls.TlsLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The agent's prober in a process of its own, as the agent wires it: a virtual thread and a deadline for each run. Takes
 * orders on standard input, one a line, and answers each with a line.
 */
@Command(name = "probe-engine", hidden = true, description = "The agent's prober, for the benchmark.")
public final class EngineCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final NanoTicker TICKER = System::nanoTime;

    private final InputStream in;
    private final PrintWriter out;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Option(names = "--ca", required = true, description = "The authorities to trust, as PEM.")
    private Path authorities = Path.of("");

    @Option(names = "--jdk-tls", description = "Speak TLS by the JDK.")
    private boolean jdkTls;

    public EngineCommand(InputStream in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    /** One order. */
    record Order(Case what, Contender.Endpoint where, int runs, int concurrency) {

        String line() {
            return String.join(
                    " ",
                    what.label(),
                    where.host(),
                    Integer.toString(where.port()),
                    Integer.toString(runs),
                    Integer.toString(concurrency));
        }

        static Order of(String line) {
            String[] words = line.split(" ", -1);
            return new Order(
                    Case.of(words[0]),
                    new Contender.Endpoint(words[1], Integer.parseInt(words[2])),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]));
        }
    }

    @Override
    public Integer call() throws Exception {
        TlsLibrary library = jdkTls ? new JdkTls() : new BoringSsl();
        MailProbe probe = new MailProbe(
                NameLookup.ofThisMachine(TICKER),
                new HostAddressPolicy(List.of(CidrBlock.of("127.0.0.0/8")), List.of()),
                new MailHost("prober.example.net"),
                InstantSource.system(),
                TICKER,
                certificates(),
                library);
        out.println(library.name());
        BufferedReader orders = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            out.println(carryOut(probe, Order.of(line)));
        }
        return 0;
    }

    private String carryOut(MailProbe probe, Order order) throws InterruptedException {
        AtomicReference<@Nullable String> failure = new AtomicReference<>();
        Semaphore free = new Semaphore(order.concurrency());
        long allocated = threads.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        try (ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < order.runs(); i++) {
                ProbeRequest request = request(order, i);
                free.acquire();
                runs.execute(() -> {
                    try (Deadline deadline = Deadline.after(TIMEOUT, TICKER)) {
                        ProbeResult result = probe.run(request, deadline);
                        if (result.status() != Status.OK) {
                            failure.set(String.valueOf(result.failure()));
                        }
                    } finally {
                        free.release();
                    }
                });
            }
        }
        long nanos = System.nanoTime() - start;
        long bytes = threads.getTotalThreadAllocatedBytes() - allocated;
        String failed = failure.get();
        return failed == null ? "done " + nanos + " " + bytes : "failed " + failed;
    }

    private static ProbeRequest request(Order order, long number) {
        Security security = switch (order.what()) {
            case SMTP_PLAIN -> Security.NONE;
            case SMTP_STARTTLS -> Security.STARTTLS;
            case IMAPS_LOGIN -> Security.TLS;
        };
        Target target =
                new Target(new MailHost(order.where().host()), order.where().port(), security, AddressFamily.ANY);
        Login login =
                order.what() == Case.IMAPS_LOGIN ? new Login(Account.USERNAME, Account.PASSWORD, null, false) : null;
        RunSettings settings = new RunSettings(
                target, login, Thresholds.NONE, CertificatePolicy.DEFAULT, Expectations.NONE, null, TIMEOUT, number);
        return switch (order.what()) {
            case SMTP_PLAIN, SMTP_STARTTLS -> new SmtpRequest(settings, new ProtocolOptions.Smtp(null));
            case IMAPS_LOGIN -> new ImapRequest(settings, new ProtocolOptions.Imap(null));
        };
    }

    private List<X509Certificate> certificates() throws IOException, CertificateException {
        try (InputStream pem = Files.newInputStream(authorities)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }
    }
}
