package io.postwatch.bench.hostile;

import io.postwatch.agent.boringssl.BoringSsl;
import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.Pop3Request;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.run.MailProbe;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The agent's prober in a process of its own. Takes orders on standard input, one a line: servers to probe, then
 *
 * <ul>
 *   <li>{@code round}: each of them once, all at the same time; answers with a line for each that has ended. The clock of
 *       those that are endless stands still until the order {@code time}, and all limits of the prober are stretched, so
 *       that nothing depends on how fast the machine is;
 *   <li>{@code loop KIND SECONDS PERIOD TIMEOUT}: each over and over; answers with one line, see {@link Loop};
 *   <li>{@code rest}: answers with what is left of it all, see {@link Remains}.
 * </ul>
 */
@Command(name = "hostile-engine", hidden = true, description = "The agent's prober, for the benchmark.")
public final class HostileEngineCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final NanoTicker TICKER = System::nanoTime;
    private static final Duration NO_LIMIT = Duration.ofHours(1);
    private static final int STRETCH = 1000;

    private final InputStream in;
    private final PrintWriter out;
    private final List<Aim> aims = new ArrayList<>();
    private final List<Thread> round = new ArrayList<>();
    private final AtomicLong clockOfEndless = new AtomicLong();

    @Option(names = "--authority", required = true, description = "The file of who is trusted.")
    private Path authorityFile = Path.of("");

    public HostileEngineCommand(InputStream in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        MailProbe inTime = probe(TICKER);
        MailProbe stretched = probe(() -> System.nanoTime() / STRETCH);
        BufferedReader orders = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "round" -> beginRound(stretched);
                case "time" -> clockOfEndless.addAndGet(TIMEOUT.toNanos());
                case "loop" ->
                    out.println(new Loop(
                                    inTime,
                                    aims,
                                    !words[1].equals(Aim.GOOD),
                                    Duration.ofMillis(Long.parseLong(words[4])))
                            .run(
                                    Duration.ofSeconds(Long.parseLong(words[2])),
                                    Duration.ofMillis(Long.parseLong(words[3])))
                            .line());
                case "rest" -> {
                    for (Thread run : round) {
                        run.join();
                    }
                    round.clear();
                    out.println(Remains.now().line());
                }
                default -> aims.add(Aim.of(line));
            }
        }
        return 0;
    }

    private void beginRound(MailProbe probe) {
        for (int i = 0; i < aims.size(); i++) {
            int number = i;
            Aim aim = aims.get(i);
            // Made here: it has begun before the order that ends it can be read.
            Deadline deadline =
                    aim.endless() ? Deadline.after(TIMEOUT, clockOfEndless::get) : Deadline.after(NO_LIMIT, TICKER);
            round.add(Thread.ofVirtual().start(() -> {
                try (deadline) {
                    out.println(number + " " + outcome(probe.run(request(aim), deadline)));
                }
            }));
        }
    }

    static String outcome(ProbeResult result) {
        return result.failure() == null ? "OK" : result.failure().code().name();
    }

    static ProbeRequest request(Aim aim) {
        Target target = new Target(new MailHost("127.0.0.1"), aim.port(), aim.security(), AddressFamily.ANY);
        RunSettings settings = new RunSettings(
                target, null, Thresholds.NONE, CertificatePolicy.DEFAULT, Expectations.NONE, null, TIMEOUT, 0);
        return switch (aim.protocol()) {
            case SMTP -> new SmtpRequest(settings, new ProtocolOptions.Smtp(null));
            case IMAP -> new ImapRequest(settings, new ProtocolOptions.Imap(null));
            case POP3 -> new Pop3Request(settings, new ProtocolOptions.Pop3());
        };
    }

    private MailProbe probe(NanoTicker ticker) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(authorityFile.toFile(), "postwatch-test".toCharArray());
        return new MailProbe(
                NameLookup.ofThisMachine(ticker),
                new HostAddressPolicy(List.of(CidrBlock.of("127.0.0.0/8")), List.of()),
                new MailHost("prober.example.net"),
                InstantSource.system(),
                ticker,
                List.of((X509Certificate) store.getCertificate("root")),
                new BoringSsl());
    }
}
