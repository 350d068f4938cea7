package io.postwatch.agent.link.channel;

import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import io.grpc.netty.shaded.io.netty.handler.proxy.ProxyConnectException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** What a person is told where a proxy is what failed. Of what the proxy wrote, nothing but numbers and names of schemes. */
final class ProxyFailure {

    /** Netty tells the status of an answer in its message alone. */
    private static final Pattern STATUS = Pattern.compile(", status: ([0-9]{3})\\b");

    /** As which Netty reports an answer that is no HTTP. */
    private static final int NO_HTTP = 999;

    private static final Pattern SCHEME = Pattern.compile("^\\s*([A-Za-z][A-Za-z0-9-]{0,31})(?=\\s|,|$)");
    private static final Pattern BASIC = Pattern.compile("(?i)(^|,)\\s*basic\\b");
    private static final int MOST_SCHEMES = 4;

    /** With what Netty's native sockets begin: the name of a system call and a number. */
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\([^)]*\\): ");

    private ProxyFailure() {}

    /** Empty where this is no failure of a proxy. */
    static Optional<String> sentence(Throwable failure, ControllerProxy proxy) {
        return switch (failure) {
            case ProxyException told -> Optional.ofNullable(told.getMessage());
            case HttpProxyConnectException answered -> Optional.of(answered(answered, proxy));
            case ProxyConnectException silent -> inTls(silent, proxy).or(() -> Optional.of(unanswered(silent, proxy)));
            case ConnectException unreachable -> Optional.of(unreachable(unreachable, proxy));
            case NoRouteToHostException unreachable -> Optional.of(unreachable(unreachable, proxy));
            default -> Optional.empty();
        };
    }

    /** Of a connection that never came to CONNECT, since the TLS around it failed. */
    private static Optional<String> inTls(ProxyConnectException failure, ControllerProxy proxy) {
        Optional<String> sentence = Optional.empty();
        for (Throwable cause = failure; cause != null && proxy.tls() != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException untrusted) {
                return Optional.of(untrusted(untrusted, proxy));
            }
            if (cause instanceof SSLException) {
                sentence = Optional.of(
                        "what answers at " + proxy + " does not speak TLS. Is the proxy's address one with http://?");
            }
        }
        return sentence;
    }

    private static String untrusted(CertificateException failure, ControllerProxy proxy) {
        return "the certificate of the proxy " + proxy + " is not trusted (" + failure.getMessage()
                + "). Give the authority that issued it by controller.proxy-ca-file, and the proxy's name as its certificate"
                + " has it.";
    }

    private static String unreachable(Exception failure, ControllerProxy proxy) {
        return "the proxy " + proxy + " can't be reached ("
                + CALL.matcher(text(failure)).replaceFirst("")
                + "). Is its address right, does it run, and does no firewall stand before it?";
    }

    private static String unanswered(ProxyConnectException failure, ControllerProxy proxy) {
        boolean isLate = text(failure).endsWith("timeout");
        return "the proxy " + proxy
                + (isLate
                        ? " gave no answer to CONNECT in time"
                        : " closed the connection without an answer to CONNECT")
                + ". Is it an HTTP proxy, without TLS on that port, and can it reach the controller?";
    }

    private static String answered(HttpProxyConnectException failure, ControllerProxy proxy) {
        Matcher status = STATUS.matcher(text(failure));
        if (!status.find()) {
            return unanswered(failure, proxy);
        }
        int code = Integer.parseInt(status.group(1));
        String answer = " (it answered " + code + ")";
        return switch (code) {
            case NO_HTTP -> "what answers at " + proxy + " is no HTTP proxy. Is its address right?";
            case 407 -> unidentified(failure, proxy);
            case 401, 403 ->
                "the proxy " + proxy + " does not allow the way to the controller" + answer
                        + ". Ask its administrator to allow CONNECT to that address and port.";
            case 500, 502, 503, 504 ->
                "the proxy " + proxy + " could not connect to the controller" + answer
                        + ". The proxy itself looks its name up: is the address right as seen from there, and is the port"
                        + " open for it?";
            default ->
                "the proxy " + proxy + " does not do CONNECT" + answer
                        + ". Is it an HTTP proxy, and does it allow CONNECT to the controller's port?";
        };
    }

    private static String unidentified(HttpProxyConnectException failure, ControllerProxy proxy) {
        ProxyLogin login = proxy.login();
        String start = "the proxy " + proxy;
        List<String> offers = offers(failure);
        if (!offers.isEmpty()
                && offers.stream().noneMatch(offer -> BASIC.matcher(offer).find())) {
            return start + " wants to know who connects, and not by user and password (407, it offers "
                    + schemes(offers)
                    + "). The agent knows Basic alone: ask the proxy's administrator to let this host through without.";
        }
        return login == null
                ? start + " wants a user and a password (407). Give them by controller.proxy-user and"
                        + " controller.proxy-password-file."
                : start + " does not accept the user \"" + login.user() + "\" with the password in "
                        + login.passwordFile() + " (407). Correct them; the file is read for every attempt.";
    }

    private static List<String> offers(HttpProxyConnectException failure) {
        HttpHeaders headers = failure.headers();
        return headers == null ? List.of() : headers.getAll("Proxy-Authenticate");
    }

    private static String schemes(List<String> offers) {
        return offers.stream()
                .map(SCHEME::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .distinct()
                .limit(MOST_SCHEMES)
                .collect(Collectors.joining(", "));
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }
}
