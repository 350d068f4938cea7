package io.postwatch.bench.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The monitors of the benchmark: a third each of SMTP without TLS, SMTP with STARTTLS, and IMAP over TLS with a login, each
 * of a server of its own.
 *
 * @param ports of the test server, in this order
 */
record Checks(List<Integer> ports) {

    private static final int PERIOD_SECONDS = 10;
    private static final int KINDS = 3;
    private static final int HOSTS = 250;

    Checks {
        ports = List.copyOf(ports);
    }

    /** The monitor of that number, as the API takes it. */
    Map<String, ?> monitor(int number, List<String> locations) {
        int kind = number % KINDS;
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", "Monitor " + number);
        fields.put("type", kind == 2 ? "imap" : "smtp");
        fields.put("security", List.of("none", "starttls", "tls").get(kind));
        fields.put("host", "127.1." + number / HOSTS + "." + (1 + number % HOSTS));
        fields.put("port", ports.get(kind));
        fields.put("periodSeconds", PERIOD_SECONDS);
        fields.put("timeoutSeconds", 5);
        if (kind > 0) {
            fields.put("certificate", Map.of("expectedName", AgentTargetsCommand.NAME));
        }
        if (kind == 2) {
            fields.put(
                    "credentials",
                    Map.of("username", AgentTargetsCommand.USERNAME, "password", AgentTargetsCommand.PASSWORD));
        }
        fields.put("locations", Map.of("locationIds", locations));
        return fields;
    }

    /** How many of these monitors make so many runs a second. */
    static int forRunsPerSecond(int runs) {
        return runs * PERIOD_SECONDS;
    }
}
