package io.postwatch.bench.hostile;

import io.postwatch.agent.probe.Security;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import io.postwatch.testserver.WireScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The servers, each on a port of its own, until standard input ends. Says a line about each and one when all listen; then
 * answers each line, which is a number, with how many of those that are endless have been connected to so many times.
 */
@Command(name = "hostile-targets", hidden = true, description = "The servers that are probed.")
public final class TargetsCommand implements Callable<Integer> {

    static final String READY = "ready";

    private final InputStream in;
    private final PrintWriter out;
    private final List<TestServer> servers = new ArrayList<>();
    private final List<TestServer> endless = new ArrayList<>();

    private record Good(WireScript<?> script, Aim.Protocol protocol, Security security) {}

    @Option(names = "--authority", required = true, description = "The file of who signs; made where there is none.")
    private Path authorityFile = Path.of("");

    @Option(names = "--good", description = "How many good servers.")
    private int good;

    @Option(names = "--hostile", description = "How many hostile ones, of each kind as many as of any other.")
    private int hostile;

    public TargetsCommand(InputStream in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        TestAuthority authority = TestAuthority.kept(authorityFile, "Hostile", InstantSource.system());
        try {
            startGood(authority.leaf("127.0.0.1").issue());
            startHostile(authority);
            out.println(READY);
            BufferedReader questions = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                int times = Integer.parseInt(line);
                out.println(endless.stream()
                        .filter(server -> server.connections() >= times)
                        .count());
            }
        } finally {
            servers.forEach(TestServer::close);
        }
        return 0;
    }

    private void startGood(ServerIdentity identity) throws IOException {
        List<Good> kinds = List.of(
                new Good(TestServer.smtp().startTls(identity), Aim.Protocol.SMTP, Security.STARTTLS),
                new Good(TestServer.imap().tls(identity), Aim.Protocol.IMAP, Security.TLS),
                new Good(TestServer.pop3().startTls(identity), Aim.Protocol.POP3, Security.STARTTLS));
        for (int i = 0; i < good; i++) {
            Good kind = kinds.get(i % kinds.size());
            TestServer server = started(kind.script().unrecorded());
            out.println(new Aim(Aim.GOOD, kind.protocol(), kind.security(), server.port(), false).line());
        }
    }

    private void startHostile(TestAuthority authority) throws IOException {
        List<Hostility> kinds = Hostility.ALL;
        List<WireScript<?>> scripts = new ArrayList<>();
        for (Hostility kind : kinds) {
            scripts.add(kind.script().apply(authority).unrecorded());
        }
        for (int i = 0; i < hostile; i++) {
            TestServer server = started(scripts.get(i % kinds.size()));
            Aim aim = kinds.get(i % kinds.size()).at(server.port());
            if (aim.endless()) {
                endless.add(server);
            }
            out.println(aim.line());
        }
    }

    private TestServer started(WireScript<?> script) throws IOException {
        TestServer server = script.start();
        servers.add(server);
        return server;
    }
}
