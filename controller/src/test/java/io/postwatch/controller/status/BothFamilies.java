package io.postwatch.controller.status;

import static io.postwatch.controller.run.RunBuilder.aRun;

import io.postwatch.controller.run.RunBuilder;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.id.LocationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes places of a monitor that checks IPv4 and IPv6, for tests. */
final class BothFamilies {
    static final Instant NOW = Instant.parse("2026-03-04T05:10:00Z");
    static final Duration WINDOW = Duration.ofSeconds(150);
    static final Instant NEXT_IPV4 = NOW.plusSeconds(40);
    static final Instant NEXT_IPV6 = NOW.plusSeconds(10);

    private BothFamilies() {}

    static MonitorVerdict judge(Place... places) {
        return StatusRule.judge(List.of(places), WINDOW, false, NOW);
    }

    /** A place has no IPv6 where there is no run over it. */
    static Place place(String name, @Nullable RunRecord ipv4, @Nullable RunRecord ipv6) {
        return new Place(
                new LocationId(new UUID(0, name.hashCode())),
                name,
                List.of(
                        new Place.Target(AddressFamily.IPV4, ipv4, new Place.Awaiting.NextRun(NEXT_IPV4)),
                        new Place.Target(
                                AddressFamily.IPV6,
                                ipv6,
                                ipv6 == null
                                        ? new Place.Awaiting.AbleAgent("No data: no agent of this location has it")
                                        : new Place.Awaiting.NextRun(NEXT_IPV6))));
    }

    static RunRecord ok() {
        return at(aRun());
    }

    static RunRecord refused() {
        return at(aRun().failing(FailureCode.CONNECTION_REFUSED));
    }

    static RunRecord silent() {
        return at(aRun().failing(FailureCode.CONNECT_TIMEOUT));
    }

    static RunRecord expiring() {
        return at(aRun().warning(FailureCode.EXPIRES_SOON));
    }

    static RunRecord at(RunBuilder run) {
        return run.at(NOW.minusSeconds(20)).build();
    }
}
