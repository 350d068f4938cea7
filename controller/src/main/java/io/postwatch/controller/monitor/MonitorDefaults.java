package io.postwatch.controller.monitor;

import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a monitor is where nothing is said. */
final class MonitorDefaults {
    static final Duration PERIOD = Duration.ofSeconds(60);
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final Duration WARNING = Duration.ofSeconds(8);
    static final Duration ERROR = Duration.ofSeconds(20);
    static final int CERTIFICATE_WARNING_DAYS = 21;
    static final int CERTIFICATE_ERROR_DAYS = 7;

    private static final Set<Integer> SMTP_PLAIN_PORTS = Set.of(25, 587, 2525);
    private static final int IMAP_PLAIN_PORT = 143;
    private static final int POP3_PLAIN_PORT = 110;

    private MonitorDefaults() {}

    /** TLS from the first byte, as every type has a port for it; STARTTLS where the port is known to begin in plain text. */
    static Security security(MonitorType type, @Nullable Integer port) {
        boolean plain = port != null
                && switch (type) {
                    case SMTP -> SMTP_PLAIN_PORTS.contains(port);
                    case IMAP -> port == IMAP_PLAIN_PORT;
                    case POP3 -> port == POP3_PLAIN_PORT;
                };
        return plain ? Security.STARTTLS : Security.TLS;
    }

    static int port(MonitorType type, Security security) {
        return switch (type) {
            case SMTP -> security == Security.TLS ? 465 : 25;
            case IMAP -> security == Security.TLS ? 993 : IMAP_PLAIN_PORT;
            case POP3 -> security == Security.TLS ? 995 : POP3_PLAIN_PORT;
        };
    }

    static String name(MonitorType type, MailHost host, int port, Security security) {
        String name = type.name().toLowerCase(Locale.ROOT) + " " + host;
        if (port == port(type, security)) {
            return name;
        }
        boolean ipv6 = host.value().indexOf(':') >= 0;
        return ipv6 ? type.name().toLowerCase(Locale.ROOT) + " [" + host + "]:" + port : name + ":" + port;
    }
}
