package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.PlacementQueue.Work;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlacementQueueTest {
    private static final Work OSLO = location(1);
    private static final Work PARIS = location(2);
    private static final Work ROME = location(3);
    private static final Work MONITOR = new Work.OfMonitor(TenantId.PLATFORM, new MonitorId(new UUID(0, 4)));

    private final PlacementQueue queue = new PlacementQueue();
    /** Close to where a monotonic clock overflows. */
    private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

    @Test
    void whatIsMarkedAThousandTimesIsPlacedOnceInTheOrderOfTheFirstMarks() {
        for (int i = 0; i < 1000; i++) {
            mark(PARIS);
            mark(OSLO);
            mark(MONITOR);
        }

        assertThat(takeAndFinishAll()).containsExactly(PARIS, OSLO, MONITOR);
    }

    @Test
    void whatChangesWhileItIsPlacedIsPlacedOnceMoreAndNotByTwoAtOnce() {
        mark(OSLO);
        assertThat(take()).contains(OSLO);
        mark(OSLO);
        mark(OSLO);
        mark(PARIS);

        assertThat(take()).contains(PARIS);
        assertThat(take()).isEmpty();
        queue.done(OSLO);
        assertThat(takeAndFinishAll()).containsExactly(OSLO);
    }

    @Test
    void whatIsLookedAtForSafetyGivesWayToWhatChanged() {
        queue.look(List.of(OSLO, PARIS, ROME));
        mark(ROME);
        assertThat(take()).contains(ROME);
        queue.done(ROME);
        assertThat(take()).contains(OSLO);
        queue.look(List.of(OSLO, PARIS, ROME));
        mark(MONITOR);
        queue.done(OSLO);

        assertThat(takeAndFinishAll()).containsExactly(MONITOR, PARIS, ROME);
    }

    @Test
    void oneThatFailsHoldsUpNoOtherAndComesAgainAfterGrowingTimes() {
        queue.look(List.of(OSLO, PARIS));
        List<Long> distances = new ArrayList<>();
        assertThat(take()).contains(OSLO);
        for (int i = 0; i < 8; i++) {
            distances.add(queue.failed(OSLO, now).toSeconds());
            if (i == 0) {
                assertThat(takeAndFinishAll()).containsExactly(PARIS);
            }
            queue.look(List.of(OSLO));
            now += queue.nanosUntilRetry(now).orElseThrow() - 1;
            assertThat(take()).isEmpty();
            now++;
            assertThat(take()).contains(OSLO);
        }

        assertThat(distances).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
        queue.done(OSLO);
        assertThat(take()).isEmpty();
        mark(OSLO);
        assertThat(take()).contains(OSLO);
        assertThat(queue.failed(OSLO, now)).as("after a success").isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aChangeOfWhatFailsIsTriedWithinASecond() {
        mark(OSLO);
        for (int i = 0; i < 6; i++) {
            assertThat(take()).contains(OSLO);
            queue.failed(OSLO, now);
            now += i < 5 ? PlacementQueue.LONGEST_RETRY.toNanos() : 0;
        }
        mark(OSLO);
        mark(OSLO);
        assertThat(take()).as("not at once: it would fail again and again").isEmpty();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(take()).contains(OSLO);
        mark(OSLO);
        assertThat(queue.failed(OSLO, now)).as("changed while it failed").isEqualTo(Duration.ofSeconds(1));
        now += Duration.ofSeconds(1).toNanos();

        assertThat(takeAndFinishAll()).containsExactly(OSLO);
        now += Duration.ofMinutes(5).toNanos();
        assertThat(take()).as("what was pulled forward doesn't come twice").isEmpty();
    }

    private void mark(Work work) {
        queue.mark(work, now);
    }

    private Optional<Work> take() {
        return queue.take(now);
    }

    private List<Work> takeAndFinishAll() {
        List<Work> taken = new ArrayList<>();
        for (Optional<Work> next = take(); next.isPresent(); next = take()) {
            taken.add(next.get());
            queue.done(next.get());
        }
        return taken;
    }

    private static Work location(int number) {
        return new Work.AtLocation(TenantId.PLATFORM, new LocationId(new UUID(0, number)));
    }
}
