package io.postwatch.bench.agent;

import io.postwatch.testserver.ImapScript;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The test server in a process of its own, on all addresses of loopback, until standard input ends. */
@Command(name = "agent-targets", hidden = true, description = "The servers that the agent probes.")
public final class AgentTargetsCommand implements Callable<Integer> {

    static final String NAME = "mail.postwatch.test";
    static final String USERNAME = "bench@postwatch.test";
    static final String PASSWORD = "not-a-secret";

    private static final InetAddress EVERYWHERE = InetAddress.ofLiteral("0.0.0.0");

    private final InputStream in;
    private final PrintWriter out;

    @Option(names = "--ca", required = true, description = "Where to write the authority, as PEM.")
    private Path authorityFile = Path.of("");

    public AgentTargetsCommand(InputStream in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        TestAuthority authority = TestAuthority.create();
        authority.writePem(authorityFile);
        ServerIdentity identity = authority.leaf(NAME).issue();
        SmtpScript startTls = TestServer.smtp().startTls(identity).unrecorded();
        ImapScript imaps =
                TestServer.imap().tls(identity).login(USERNAME, PASSWORD).unrecorded();
        try (TestServer smtp = TestServer.smtp().unrecorded().start(EVERYWHERE, 0);
                TestServer smtpStartTls = startTls.start(EVERYWHERE, 0);
                TestServer imapsLogin = imaps.start(EVERYWHERE, 0)) {
            // In the order of the kinds of checks.
            out.println(smtp.port() + " " + smtpStartTls.port() + " " + imapsLogin.port());
            while (in.read() >= 0) {
                // Only the end of it matters.
            }
        }
        return 0;
    }
}
