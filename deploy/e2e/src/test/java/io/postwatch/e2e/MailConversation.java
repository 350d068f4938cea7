package io.postwatch.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A hand-made dialogue with a mail server: what the tests know of it without Postwatch. */
final class MailConversation implements AutoCloseable {
    /** The last line of a reply: of SMTP, of IMAP's greeting, of an IMAP command; the first one of POP3. */
    private static final Pattern LAST_LINE = Pattern.compile("(\\d{3} |\\* OK |\\+ |\\+OK|-ERR|a[0-9]+ ).*");

    private static final int READ_TIMEOUT_MILLIS = 15_000;

    private final SSLContext trust;
    private final String host;
    private final int port;
    private Socket socket;
    private BufferedReader reader;

    private MailConversation(SSLContext trust, String host, int port) throws IOException {
        this.trust = trust;
        this.host = host;
        this.port = port;
        socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), READ_TIMEOUT_MILLIS);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        reader = read(socket);
    }

    static MailConversation plain(RealMailServers servers, RealMailServers.Listener listener) throws IOException {
        return new MailConversation(servers.trusting(), listener.host(), servers.port(listener));
    }

    static MailConversation tls(RealMailServers servers, RealMailServers.Listener listener) throws IOException {
        MailConversation conversation = plain(servers, listener);
        conversation.startTls();
        return conversation;
    }

    /** The handshake, with the certificate checked against the test's authority and the name. */
    void startTls() throws IOException {
        SSLSocket secured = (SSLSocket) trust.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        socket = secured;
        reader = read(secured);
    }

    /** Lines up to the last one of a reply; an end of the connection ends it too. */
    List<String> reply() throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = reader.readLine();
            if (line == null) {
                break;
            }
            lines.add(line);
        } while (!LAST_LINE.matcher(line).matches());
        return lines;
    }

    List<String> say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return reply();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedReader read(Socket from) throws IOException {
        return new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8));
    }
}
