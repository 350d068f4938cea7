package io.postwatch.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of a monitor, as {@code POST /monitors} and {@code /monitor-tests} take it. */
final class MonitorBody {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, Object> certificate = new LinkedHashMap<>();

    private MonitorBody(String type, String security) {
        fields.put("type", type);
        fields.put("security", security);
        fields.put("periodSeconds", 60);
        fields.put("timeoutSeconds", 10);
    }

    static MonitorBody anImapMonitor(String security) {
        return new MonitorBody("imap", security);
    }

    static MonitorBody aPop3Monitor(String security) {
        return new MonitorBody("pop3", security);
    }

    static MonitorBody anSmtpMonitor(String security) {
        return new MonitorBody("smtp", security);
    }

    /** On what a server shows of certificates and versions of TLS. */
    static MonitorBody aMonitorOn(RealMailServers servers, MailServer server, ServedTls served) {
        return new MonitorBody(server.type(), server.security())
                .named(server + " " + served)
                .target(server.host(served), servers.port(server, served));
    }

    MonitorBody on(RealMailServers servers, RealMailServers.Listener listener) {
        return named(listener.name()).target(listener.host(), servers.port(listener));
    }

    MonitorBody target(String host, int port) {
        fields.put("host", host);
        fields.put("port", port);
        return this;
    }

    MonitorBody over(String addressFamily) {
        fields.put("addressFamily", addressFamily);
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

    /** As it is, without encryption, if need be. */
    MonitorBody withOpenLogin(String username, String password) {
        fields.put("credentials", Map.of("username", username, "password", password, "allowPlaintext", true));
        return this;
    }

    /** A field of its own, such as {@code stopAfter}. */
    MonitorBody with(String field, Object value) {
        fields.put(field, value);
        return this;
    }

    MonitorBody certificate(String field, Object value) {
        certificate.put(field, value);
        fields.put("certificate", certificate);
        return this;
    }

    /** What was said about certificates. */
    Map<String, Object> certificate() {
        return certificate;
    }

    MonitorBody from(String locationId) {
        fields.put("locations", Map.of("locationIds", List.of(locationId)));
        return this;
    }

    Map<String, Object> fields() {
        return fields;
    }
}
