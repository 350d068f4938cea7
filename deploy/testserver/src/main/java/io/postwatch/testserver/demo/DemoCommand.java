package io.postwatch.testserver.demo;

import io.postwatch.testserver.ImapScript;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The three servers of the demo on 127.0.0.1: a healthy IMAPS with a login, a slow SMTP with STARTTLS, an SMTPS whose
 * certificate expires in five days.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts three demo mail servers on 127.0.0.1 and runs until it is told to stop.")
final class DemoCommand implements Callable<Integer> {

    private static final String USER = "demo";
    private static final String PASSWORD = "demo-password";
    private static final Duration SLOWEST = Duration.ofSeconds(3);
    private static final Duration FASTEST = Duration.ofMillis(1500);

    /** The greeting's delay wanders up and down over that many connections, so that the chart shows something. */
    private static final int WAVE = 12;

    /** Five whole days left until the evening of the first day. */
    private static final Duration SOON = Duration.ofDays(5).plus(Duration.ofHours(23));

    private final PrintWriter out;

    @Option(names = "--imaps-port", required = true, description = "Port of the healthy IMAPS server.")
    private int imapsPort;

    @Option(names = "--smtp-port", required = true, description = "Port of the slow SMTP server with STARTTLS.")
    private int smtpPort;

    @Option(names = "--smtps-port", required = true, description = "Port of the SMTPS server that expires soon.")
    private int smtpsPort;

    @Option(
            names = "--dir",
            required = true,
            description = "Where the demo authority is kept; a prober has to trust demo-ca.pem in it.")
    private Path directory = Path.of("");

    @Option(
            names = "--exit-with-stdin",
            description = "Stop when standard input ends, as it does when the parent dies.")
    private boolean exitWithStdin;

    DemoCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        TestAuthority authority =
                TestAuthority.kept(directory.resolve("demo-ca.p12"), "Postwatch Demo", InstantSource.system());
        authority.writePem(directory.resolve("demo-ca.pem"));
        CountDownLatch stop = new CountDownLatch(1);
        try (TestServer imaps = imaps(authority).unrecorded().start(imapsPort);
                TestServer smtp = slowSmtp(authority).unrecorded().start(smtpPort);
                TestServer smtps = expiringSmtps(authority).unrecorded().start(smtpsPort)) {
            out.println("imaps " + imaps.port() + ": healthy, login " + USER + " / " + PASSWORD);
            out.println("smtp " + smtp.port() + ": slow, STARTTLS");
            out.println("smtps " + smtps.port() + ": certificate expires in five days");
            out.println("ready");
            out.flush();
            if (exitWithStdin) {
                Thread.ofPlatform().daemon().name("stdin").start(() -> awaitEnd(System.in, stop));
            }
            stop.await();
        }
        return 0;
    }

    private static ImapScript imaps(TestAuthority authority) {
        return TestServer.imap().tls(identity(authority, Duration.ofDays(90))).login(USER, PASSWORD);
    }

    private static SmtpScript slowSmtp(TestAuthority authority) {
        return TestServer.smtp()
                .startTls(identity(authority, Duration.ofDays(60)))
                .greeting(connection -> Reply.usual().after(delayOf(connection)));
    }

    private static SmtpScript expiringSmtps(TestAuthority authority) {
        return TestServer.smtp().tls(identity(authority, SOON));
    }

    private static ServerIdentity identity(TestAuthority authority, Duration left) {
        return authority.leaf("localhost", "127.0.0.1").expiringIn(left).issue();
    }

    static Duration delayOf(int connection) {
        double wave = (1 + Math.sin(2 * Math.PI * (connection % WAVE) / WAVE)) / 2;
        return FASTEST.plusMillis((long) (wave * SLOWEST.minus(FASTEST).toMillis()));
    }

    private static void awaitEnd(InputStream in, CountDownLatch stop) {
        try {
            while (in.read() >= 0) {
                // Only the end of it matters.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        stop.countDown();
    }
}
