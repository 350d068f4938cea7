package io.postwatch.agent.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine's own files say of resolvers and names. */
class MachineFilesTest {

    private static final Answers ELSEWHERE = new Answers(new Answer.TimedOut("a"), new Answer.TimedOut("b"), List.of());

    @TempDir
    Path home;

    @Test
    void theFirstThreeResolversAreAsked() throws IOException {
        Path file = write("resolv.conf", """
                # nameserver 192.0.2.99
                search corp.example
                options timeout:1 rotate
                nameserver 192.0.2.1
                  nameserver\t2001:db8::1 # comment
                nameserver resolver.example.org
                nameserver
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                """);
        assertThat(new NameServers(file).get())
                .containsExactlyElementsOf(servers("192.0.2.1", "2001:db8::1", "192.0.2.3"));
    }

    @Test
    void withoutAnyTheOneOnThisMachineIsAsked() throws IOException {
        NameServers servers = new NameServers(home.resolve("resolv.conf"));
        assertThat(servers.get()).isEqualTo(servers("127.0.0.1"));
        write("resolv.conf", "search corp.example\n");
        assertThat(servers.get()).isEqualTo(servers("127.0.0.1"));
    }

    @Test
    void aChangedFileIsReadAnew() throws IOException {
        NameServers servers = new NameServers(write("resolv.conf", "nameserver 192.0.2.1\n"));
        assertThat(servers.get()).isEqualTo(servers("192.0.2.1"));
        write("resolv.conf", "nameserver 192.0.2.100\n");
        assertThat(servers.get()).isEqualTo(servers("192.0.2.100"));
        Files.delete(home.resolve("resolv.conf"));
        assertThat(servers.get()).isEqualTo(servers("127.0.0.1"));
    }

    @Test
    void namesInTheHostsFileAreAskedOfNobody() throws IOException {
        HostsFile hosts = hosts("""
                192.0.2.1  Mail.Example.ORG mail # mail2
                2001:db8::1 mail.example.org
                192.0.2.2 mail.example.org
                fe80::1%eth0 mail.example.org
                not-an-address mail.example.org
                192.0.2.3
                """);
        String source = home.resolve("hosts").toString();
        assertThat(lookup(hosts, "mail.example.org"))
                .isEqualTo(new Answers(
                        new Answer.Found(source, List.of(), addresses("192.0.2.1", "192.0.2.2")),
                        new Answer.Found(source, List.of(), addresses("2001:db8::1")),
                        List.of()));
        assertThat(lookup(hosts, "mail").v6()).isEqualTo(new Answer.NoAddress(source, List.of()));
        assertThat(lookup(hosts, "mail2")).isEqualTo(ELSEWHERE);
        assertThat(lookup(hosts, "example.org")).isEqualTo(ELSEWHERE);
    }

    @Test
    void localhostIsThisMachineAlsoWithoutAFile() throws IOException {
        HostsFile without = new HostsFile(home.resolve("nowhere"), (name, wanted, deadline) -> ELSEWHERE);
        for (String name : List.of("localhost", "mail.localhost")) {
            assertThat(lookup(without, name).v4().toString()).contains("Found", "127.0.0.1");
            assertThat(lookup(without, name).v6()).isInstanceOf(Answer.Found.class);
        }
        assertThat(lookup(without, "notlocalhost")).isEqualTo(ELSEWHERE);
        assertThat(lookup(hosts("127.0.0.2 localhost\n"), "localhost").v4().toString())
                .contains("127.0.0.2");
    }

    private HostsFile hosts(String content) throws IOException {
        return new HostsFile(write("hosts", content), (name, wanted, deadline) -> ELSEWHERE);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content);
    }

    private static Answers lookup(HostsFile hosts, String name) {
        try (Deadline deadline = Deadline.after(Duration.ofMinutes(1), System::nanoTime)) {
            return hosts.lookup(new MailHost(name), AddressFamily.ANY, deadline);
        }
    }

    private static List<InetSocketAddress> servers(String... addresses) {
        return addresses(addresses).stream()
                .map(address -> new InetSocketAddress(address, 53))
                .toList();
    }

    private static List<InetAddress> addresses(String... addresses) {
        return Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    }
}
