package io.postwatch.bench.probe;

import io.postwatch.testserver.ImapScript;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.Security;
import java.util.concurrent.Callable;
import org.conscrypt.Conscrypt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The test server in a process of its own, one port for each case, until standard input ends. */
@Command(name = "probe-stub", hidden = true, description = "The servers that are probed.")
public final class StubCommand implements Callable<Integer> {

    private final InputStream in;
    private final PrintWriter out;

    @Option(names = "--ca", required = true, description = "Where to write the authority, as PEM.")
    private Path authorityFile = Path.of("");

    public StubCommand(InputStream in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        // With the JDK's TLS the server is busier than the probers, and limits them.
        Security.insertProviderAt(Conscrypt.newProvider(), 1);
        TestAuthority authority = TestAuthority.create();
        authority.writePem(authorityFile);
        ServerIdentity identity = authority.leaf("localhost", "127.0.0.1").issue();
        SmtpScript startTls = TestServer.smtp().startTls(identity);
        ImapScript imaps = TestServer.imap().tls(identity).login(Account.USERNAME, Account.PASSWORD);
        try (TestServer smtp = TestServer.smtp().start();
                TestServer smtpStartTls = startTls.start();
                TestServer imapsLogin = imaps.start()) {
            // In the order of the cases.
            out.println(smtp.port() + " " + smtpStartTls.port() + " " + imapsLogin.port());
            while (in.read() >= 0) {
                // Only the end of it matters.
            }
        }
        return 0;
    }
}
