package io.postwatch.e2e;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One probe as the probed server knows it.
 *
 * @param server its number among the servers of the test
 * @param connection counted from 0 at this server
 * @param life how the client introduced itself
 * @param at when it was greeted
 */
record Probe(int server, int connection, String life, Instant at) {
    private static final Pattern NAME = Pattern.compile("probe-(\\d+)-(\\d+)");

    /** What a greeting says, and a result that tells the greeting. */
    String name() {
        return name(server, connection);
    }

    static String name(int server, int connection) {
        return "probe-" + server + "-" + connection;
    }

    /** The name of the probe that was greeted like this; empty where there was no greeting. */
    static String named(String greeting) {
        Matcher found = NAME.matcher(greeting);
        return found.find() ? found.group() : "";
    }

    /** The number of the server that greeted like this; -1 where there was no greeting. */
    static int server(String greeting) {
        Matcher found = NAME.matcher(greeting);
        return found.find() ? Integer.parseInt(found.group(1)) : -1;
    }
}
