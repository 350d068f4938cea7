package io.postwatch.agent.link.channel;

import io.postwatch.agent.authority.TestAuthority;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on loopback that does CONNECT and nothing else (RFC 9110 §9.3.6). Names are known to it alone. Threads of its
 * own move the bytes; all end with it.
 */
public final class ConnectProxy implements AutoCloseable {

    private static final int MOST_HEAD = 8 * 1024;
    private static final int MOST_WAIT_MILLIS = 20_000;
    private static final Pattern REQUEST =
            Pattern.compile("CONNECT (\\[[0-9a-f:]+]|[0-9A-Za-z.-]+):([0-9]{1,5}) HTTP/1\\.1");

    /** What becomes of a connection once the proxy has said yes. */
    @FunctionalInterface
    public interface Tunnel {

        /** Returns when it is over. */
        void carry(Socket client, Socket server) throws IOException;
    }

    private final ServerSocket listening;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Tunnel tunnel;
    private volatile @Nullable String authorization;
    private volatile @Nullable String answer;

    public ConnectProxy() throws IOException {
        this(InetAddress.ofLiteral("127.0.0.1"), ConnectProxy::move);
    }

    public ConnectProxy(InetAddress address, Tunnel tunnel) throws IOException {
        this(new ServerSocket(), address, tunnel);
    }

    private ConnectProxy(ServerSocket listening, InetAddress address, Tunnel tunnel) throws IOException {
        this.listening = listening;
        this.tunnel = tunnel;
        listening.bind(new InetSocketAddress(address, 0));
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    /** One that is spoken to in TLS, as {@code localhost}. */
    public static ConnectProxy inTls(TestAuthority authority, Tunnel tunnel)
            throws IOException, GeneralSecurityException {
        ServerSocket tls =
                authority.serverContext("localhost").getServerSocketFactory().createServerSocket();
        return new ConnectProxy(tls, InetAddress.ofLiteral("127.0.0.1"), tunnel);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** As an agent's configuration names it. */
    public ControllerProxy address() {
        return new ControllerProxy(listening.getInetAddress().getHostAddress(), listening.getLocalPort(), null);
    }

    /** From now on this name is known, as this address. */
    public void know(String name, String address) {
        names.put(name, address);
    }

    /** From now on only this user is let through. */
    public void demand(String user, String password) {
        authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** From now on everybody hears this, whatever he asks for, and the connection is closed. */
    public void answerAllWith(String text) {
        answer = text;
    }

    /** Where clients wanted to go, in their order, as they wrote it. */
    public List<String> targets() {
        return heads.stream()
                .map(head -> head.lines().findFirst().orElseThrow())
                .map(line -> line.split(" ", -1)[1])
                .toList();
    }

    /** All that clients said to the proxy itself. */
    public List<String> heads() {
        return heads;
    }

    private void accept() {
        while (acceptOne()) {
            // The next one.
        }
    }

    /** Whether there may be more. */
    private boolean acceptOne() {
        try {
            Socket client = listening.accept();
            sockets.add(client);
            Thread.ofVirtual().name("proxy client").start(() -> serve(client));
            return true;
        } catch (IOException over) {
            return !listening.isClosed();
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(MOST_WAIT_MILLIS);
            String head = head(client.getInputStream());
            heads.add(head);
            String always = answer;
            if (always != null) {
                say(client, always);
                client.shutdownOutput();
                // What is not read would have the answer lost with the connection.
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
                return;
            }
            String wanted = authorization;
            if (wanted != null && head.lines().noneMatch(("proxy-authorization: " + wanted)::equalsIgnoreCase)) {
                say(
                        client,
                        refusal("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"lab\"\r\n"));
                return;
            }
            Matcher request = REQUEST.matcher(head.lines().findFirst().orElse(""));
            if (!request.matches()) {
                say(client, refusal("405 Method Not Allowed", ""));
                return;
            }
            Socket server = connect(request.group(1), Integer.parseInt(request.group(2)));
            if (server == null) {
                say(client, refusal("502 Bad Gateway", ""));
                return;
            }
            try (server) {
                say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
                client.setSoTimeout(0);
                tunnel.carry(client, server);
            }
        } catch (IOException hungUp) {
            return;
        }
    }

    /** Null where nobody is there. */
    private @Nullable Socket connect(String host, int port) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try {
            Socket server = new Socket(InetAddress.ofLiteral(names.getOrDefault(bare, bare)), port);
            sockets.add(server);
            return server;
        } catch (IOException | IllegalArgumentException notThere) {
            return null;
        }
    }

    /** An answer that says no. */
    public static String refusal(String status, String headers) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 3\r\nConnection: close\r\n\r\nno\n";
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (head.isEmpty() && !Character.isUpperCase(next)) {
                return "no HTTP";
            }
            if (next < 0 || head.length() == MOST_HEAD) {
                throw new EOFException("no whole head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Moves the bytes as they are. */
    public static void move(Socket client, Socket server) {
        Thread up = Thread.ofVirtual().name("proxy up").start(() -> copy(client, server));
        copy(server, client);
        try {
            up.join();
        } catch (InterruptedException nobodyDoesThis) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end of one side is the end of both. */
    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
