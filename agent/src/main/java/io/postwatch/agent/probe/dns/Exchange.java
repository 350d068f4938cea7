package io.postwatch.agent.probe.dns;

import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One try with one server: the open questions over UDP, from a port that the system draws for it, and over TCP what did
 * not fit. The socket is connected, so that only the server's own packets arrive, and its refusal of them as well. Used
 * by one thread; the deadline's closes the sockets beneath.
 */
final class Exchange {

    private static final int MAX_UDP = 4096;
    private static final int MAX_TCP = 16 * 1024;
    private static final int MAX_FOREIGN = 64;
    private static final int DNS_PORT = 53;

    private final InetSocketAddress server;
    private long until;
    private final Deadline deadline;
    private final SecureRandom random;
    private final NanoTicker ticker;

    /** @param until when the try is over, by the ticker */
    Exchange(InetSocketAddress server, long until, Deadline deadline, SecureRandom random, NanoTicker ticker) {
        this.server = server;
        this.until = until;
        this.deadline = deadline;
        this.random = random;
        this.ticker = ticker;
    }

    /** Settles what the server answers, and tells the inquiries and the list of troubles what it left open, and why. */
    void ask(List<Inquiry> inquiries, List<String> troubles) {
        Map<Question, Inquiry> open = new LinkedHashMap<>();
        inquiries.forEach(inquiry -> open.put(inquiry.newQuestion(random), inquiry));
        int foreign = 0;
        try (DatagramSocket socket = new DatagramSocket();
                Deadline.Registration _ = deadline.register(socket::close)) {
            socket.connect(server);
            for (Question question : open.keySet()) {
                byte[] message = question.encode();
                socket.send(new DatagramPacket(message, message.length));
            }
            byte[] buffer = new byte[MAX_UDP];
            while (!open.isEmpty() && foreign < MAX_FOREIGN) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.setSoTimeout(millisUntil(until));
                socket.receive(packet);
                if (!take(packet, open, troubles)) {
                    foreign++;
                }
            }
        } catch (SocketTimeoutException silence) {
            // What is still open says so below.
        } catch (IOException e) {
            if (deadline.remaining().isZero() || Thread.currentThread().isInterrupted()) {
                return;
            }
            String reason = name(server) + " can't be reached: " + e.getMessage();
            open.values().forEach(inquiry -> inquiry.unreachable(reason));
            tell(reason, troubles);
            return;
        }
        for (Map.Entry<Question, Inquiry> left : open.entrySet()) {
            String asked = ", asked for " + left.getKey().type();
            if (foreign > 0) {
                useless("sent nothing that answers the question" + asked, left.getValue(), troubles);
            } else {
                String reason = name(server) + " did not answer" + asked;
                left.getValue().silent(reason);
                tell(reason, troubles);
            }
        }
    }

    /** Whether the packet answers an open question, which then is open no longer. */
    private boolean take(DatagramPacket packet, Map<Question, Inquiry> open, List<String> troubles) {
        for (Map.Entry<Question, Inquiry> one : open.entrySet()) {
            Question question = one.getKey();
            Reply reply = Reply.read(packet.getData(), packet.getLength(), question);
            if (reply instanceof Reply.Foreign) {
                continue;
            }
            Inquiry inquiry = one.getValue();
            open.remove(question);
            settle(reply instanceof Reply.Truncated ? overTcp(question) : reply, question, inquiry, troubles);
            if (inquiry.hasFoundWhatIsWanted()) {
                until = DnsClient.withGrace(until, ticker.nanos());
            }
            return true;
        }
        return false;
    }

    private void settle(Reply reply, Question question, Inquiry inquiry, List<String> troubles) {
        switch (reply) {
            case Reply.Addresses(List<String> aliases, var addresses) ->
                inquiry.settle(
                        addresses.isEmpty()
                                ? new Answer.NoAddress(name(server), aliases)
                                : new Answer.Found(name(server), aliases, addresses));
            case Reply.Texts(List<String> aliases, List<String> texts) ->
                inquiry.settle(new Answer.Texts(name(server), aliases, texts));
            case Reply.NoSuchName(List<String> aliases) -> inquiry.settle(new Answer.NoSuchName(name(server), aliases));
            case Reply.Useless(String reason) -> useless(reason + ", asked for " + question.type(), inquiry, troubles);
            case Reply.Foreign _ ->
                useless("answered another question over TCP, asked for " + question.type(), inquiry, troubles);
            case Reply.Truncated _ ->
                useless("cut its answer short over TCP too, asked for " + question.type(), inquiry, troubles);
        }
    }

    /** Takes at most half of the time that is left: the other question may be waiting for the rest. */
    private Reply overTcp(Question question) {
        long now = ticker.nanos();
        long end = now + (until - now) / 2;
        try (Socket socket = new Socket();
                Deadline.Registration _ = deadline.register(socket::close)) {
            socket.connect(server, millisUntil(end));
            byte[] message = question.encode();
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + message.length)
                            .putShort((short) message.length)
                            .put(message)
                            .array());
            int length = ByteBuffer.wrap(read(socket, 2, end)).getShort() & 0xffff;
            if (length > MAX_TCP) {
                return new Reply.Useless("announced an answer of " + length + " bytes over TCP");
            }
            return Reply.read(read(socket, length, end), length, question);
        } catch (SocketTimeoutException e) {
            return new Reply.Useless("cut its answer short and gave no whole one over TCP in time");
        } catch (IOException e) {
            return new Reply.Useless("cut its answer short and gave no whole one over TCP: " + e.getMessage());
        }
    }

    /** That many bytes, however they drip, by that time. */
    private byte[] read(Socket socket, int count, long end) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[count];
        for (int have = 0; have < count; ) {
            socket.setSoTimeout(millisUntil(end));
            int more = in.read(bytes, have, count - have);
            if (more < 0) {
                throw new EOFException("it closed the connection");
            }
            have += more;
        }
        return bytes;
    }

    private void useless(String what, Inquiry inquiry, List<String> troubles) {
        String reason = name(server) + " " + what;
        inquiry.useless(reason);
        tell(reason, troubles);
    }

    private static void tell(String reason, List<String> troubles) {
        if (!troubles.contains(reason)) {
            troubles.add(reason);
        }
    }

    private int millisUntil(long end) throws SocketTimeoutException {
        long left = end - ticker.nanos();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        // Rounded up: zero would mean for ever.
        return (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }

    private static String name(InetSocketAddress server) {
        String address = server.getAddress().getHostAddress();
        if (server.getPort() == DNS_PORT) {
            return address;
        }
        return (server.getAddress() instanceof Inet6Address ? "[" + address + "]" : address) + ":" + server.getPort();
    }
}
