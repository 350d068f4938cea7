package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.MonitorId;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where in its period a monitor runs. */
class GridTest {
    private final Random random = new Random(20261122);

    @Test
    void runsOfOnePeriodAreSpreadOverIt() {
        Duration period = Duration.ofMinutes(1);
        int[] perQuarter = new int[4];
        IntStream.range(0, 4000).forEach(i -> {
            Duration anchor = Grid.anchor(monitor(), period);
            assertThat(anchor).isBetween(Duration.ZERO, period.minusMillis(1));
            perQuarter[(int) (anchor.toMillis() / 15_000)]++;
        });

        assertThat(perQuarter).satisfies(quarters -> {
            for (int count : quarters) {
                assertThat(count).isBetween(850, 1150);
            }
        });
    }

    @Test
    void aMonitorKeepsItsAnchor() {
        MonitorId monitor = monitor();

        assertThat(Grid.anchor(monitor, Duration.ofSeconds(10)))
                .isEqualTo(Grid.anchor(monitor, Duration.ofSeconds(10)));
    }

    @Test
    void theFamiliesOfOneMonitorAreHalfAPeriodApart() {
        MonitorId monitor = monitor();
        MonitorSettings both = settings(FamilyChoice.BOTH);

        Duration ipv4 = Grid.anchor(monitor, both, AddressFamily.IPV4);
        Duration ipv6 = Grid.anchor(monitor, both, AddressFamily.IPV6);

        assertThat(ipv4).isEqualTo(Grid.anchor(monitor, both.period()));
        assertThat(ipv4.minus(ipv6).abs()).isEqualTo(Duration.ofSeconds(30));
        assertThat(ipv6).isBetween(Duration.ZERO, Duration.ofMillis(59_999));
        assertThat(Grid.anchor(monitor, settings(FamilyChoice.IPV6), AddressFamily.IPV6))
                .as("alone it has the monitor's own place")
                .isEqualTo(ipv4);
        assertThatThrownBy(() -> Grid.anchor(monitor, both, AddressFamily.ANY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static MonitorSettings settings(FamilyChoice families) {
        return new MonitorSettings(
                MonitorType.IMAP,
                new MailHost("mail.example.org"),
                993,
                Security.TLS,
                families,
                null,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                new Thresholds(null, null),
                new CertificatePolicy(21, 7, false),
                Expectations.NONE,
                null,
                null,
                null);
    }

    private MonitorId monitor() {
        return new MonitorId(new UUID(random.nextLong(), random.nextLong()));
    }
}
