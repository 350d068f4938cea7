package io.postwatch.agent.assignment;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import java.time.Duration;
import java.util.UUID;

/** Assignments for tests. */
public final class TestAssignments {

    private TestAssignments() {}

    public static Check aCheck() {
        return aCheck("mail.example.org", 25);
    }

    public static Check aCheck(String host, int port) {
        return new Check(
                new ProtocolOptions.Smtp(null),
                new Target(new MailHost(host), port, Security.STARTTLS, AddressFamily.ANY),
                null,
                Thresholds.NONE,
                CertificatePolicy.DEFAULT,
                Expectations.NONE,
                null,
                Duration.ofSeconds(5));
    }

    public static Assignment anAssignment(long series, long revision) {
        return anAssignment(series, revision, Duration.ofSeconds(10), Duration.ZERO);
    }

    public static Assignment anAssignment(long series, long revision, Duration period, Duration anchor) {
        return anAssignment(series, revision, period, anchor, aCheck());
    }

    public static Assignment anAssignment(long series, long revision, Duration period, Duration anchor, Check check) {
        return new Assignment(
                new SeriesId(series), revision, new MonitorId(new UUID(0, series)), 0, period, anchor, check, null);
    }

    public static AssignedItem accepted(long series, long revision) {
        return new AssignedItem.Accepted(anAssignment(series, revision));
    }
}
