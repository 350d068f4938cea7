package io.postwatch.agent.probe.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** A server of names on loopback that answers, over UDP and TCP, exactly what a script says: nothing is too wrong. */
public final class ScriptedDns implements AutoCloseable {

    /** What was asked. */
    public record Query(int id, String name, int type, boolean tcp, int fromPort) {

        public boolean isV4() {
            return type == 1;
        }
    }

    /** The packets that go back, each query on a thread of its own; over TCP each as one message. None: silence. */
    @FunctionalInterface
    public interface Script {

        List<byte[]> answer(Query query) throws IOException;
    }

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Script script;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final InetSocketAddress address;
    private final Queue<Query> queries = new ConcurrentLinkedQueue<>();
    private volatile Duration drip = Duration.ZERO;
    private volatile int announced = -1;

    private ScriptedDns(Script script, DatagramSocket udp, ServerSocket tcp) {
        this.script = script;
        this.udp = udp;
        this.tcp = tcp;
        this.address = new InetSocketAddress(LOOPBACK, udp.getLocalPort());
    }

    public static ScriptedDns start(Script script) throws IOException {
        for (int tries = 0; ; tries++) {
            DatagramSocket udp = new DatagramSocket(0, LOOPBACK);
            try {
                ScriptedDns server = new ScriptedDns(script, udp, new ServerSocket(udp.getLocalPort(), 50, LOOPBACK));
                Thread.ofVirtual().start(server::serveUdp);
                Thread.ofVirtual().start(server::serveTcp);
                return server;
            } catch (BindException taken) {
                udp.close();
                if (tries == 20) {
                    throw taken;
                }
            }
        }
    }

    /** Every name has these addresses. */
    public static ScriptedDns of(String... addresses) throws IOException {
        return start(query -> {
            DnsMessage message = DnsMessage.to(query);
            Arrays.stream(addresses).forEach(address -> message.address(query.name(), address));
            return List.of(message.bytes());
        });
    }

    /** Over TCP, pauses that long after every byte. */
    ScriptedDns dripping(Duration pause) {
        drip = pause;
        return this;
    }

    /** Over TCP, announces that many bytes whatever follows. */
    ScriptedDns announcing(int bytes) {
        announced = bytes;
        return this;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** The names that were asked for, in order. */
    public List<String> asked() {
        return queries.stream().map(Query::name).toList();
    }

    List<Query> queries() {
        return List.copyOf(queries);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private void serveUdp() {
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            try {
                udp.receive(packet);
            } catch (IOException closed) {
                return;
            }
            Thread.ofVirtual().start(() -> answer(packet));
        }
    }

    private void answer(DatagramPacket packet) {
        try {
            Query query = read(Arrays.copyOf(packet.getData(), packet.getLength()), false, packet.getPort());
            for (byte[] answer : script.answer(query)) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException clientIsGone) {
            // It has had enough; the test looks at what it made of that.
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket client = tcp.accept();
                Thread.ofVirtual().start(() -> converse(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void converse(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            Query query = read(in.readNBytes(in.readUnsignedShort()), true, client.getPort());
            for (byte[] answer : script.answer(query)) {
                byte[] framed = ByteBuffer.allocate(2 + answer.length)
                        .putShort((short) (announced < 0 ? answer.length : announced))
                        .put(answer)
                        .array();
                send(framed, client.getOutputStream());
            }
        } catch (IOException clientIsGone) {
            // As above.
        }
    }

    private void send(byte[] bytes, OutputStream out) throws IOException {
        if (drip.isZero()) {
            out.write(bytes);
            return;
        }
        for (byte one : bytes) {
            out.write(one);
            LockSupport.parkNanos(drip.toNanos());
        }
    }

    private Query read(byte[] message, boolean overTcp, int port) {
        ByteBuffer buffer = ByteBuffer.wrap(message).position(12);
        StringBuilder name = new StringBuilder();
        for (int size = buffer.get(); size > 0; size = buffer.get()) {
            byte[] label = new byte[size];
            buffer.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        Query query = new Query(
                ByteBuffer.wrap(message).getShort() & 0xffff, name.toString(), buffer.getShort(), overTcp, port);
        queries.add(query);
        return query;
    }
}
