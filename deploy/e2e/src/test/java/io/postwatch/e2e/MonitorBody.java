package io.postwatch.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of a monitor, as {@code POST /monitors} and {@code /monitor-tests} take it. */
final class MonitorBody {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private MonitorBody(String type, String security) {
        fields.put("type", type);
        fields.put("security", security);
        fields.put("periodSeconds", 60);
        fields.put("timeoutSeconds", 10);
    }

    static MonitorBody anImapMonitor(String security) {
        return new MonitorBody("imap", security);
    }

    static MonitorBody anSmtpMonitor(String security) {
        return new MonitorBody("smtp", security);
    }

    MonitorBody on(RealMailServers servers, RealMailServers.Listener listener) {
        return named(listener.name()).target(listener.host(), servers.port(listener));
    }

    MonitorBody target(String host, int port) {
        fields.put("host", host);
        fields.put("port", port);
        return this;
    }

    MonitorBody named(String name) {
        fields.put("name", name);
        return this;
    }

    MonitorBody everySeconds(int seconds) {
        fields.put("periodSeconds", seconds);
        return this;
    }

    MonitorBody withLogin(String username, String password) {
        return withLogin(username, password, "auto");
    }

    MonitorBody withLogin(String username, String password, String mechanism) {
        fields.put("credentials", Map.of("username", username, "password", password, "mechanism", mechanism));
        return this;
    }

    MonitorBody from(String locationId) {
        fields.put("locations", Map.of("locationIds", List.of(locationId)));
        return this;
    }

    Map<String, Object> fields() {
        return fields;
    }
}
