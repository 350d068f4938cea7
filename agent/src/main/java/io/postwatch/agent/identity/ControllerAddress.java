package io.postwatch.agent.identity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the controller listens for agents. */
public record ControllerAddress(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9A-Za-z.-]+):([0-9]{1,5})");

    public ControllerAddress {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a controller's address is HOST:PORT with a port from 1 to 65535");
        }
    }

    /** Reads {@code host:port} or {@code [IPv6]:port}. */
    public static ControllerAddress parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "the controller's address must look like controller.example.org:9443, not \"" + text + "\"");
        }
        String host = matcher.group(1);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ControllerAddress(bare, Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
