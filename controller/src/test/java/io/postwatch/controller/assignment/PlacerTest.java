package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.assignment.PlacementQueue.Work;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PlacerTest {
    private static final Work SLOW = location(0);
    private static final Work ALSO_SLOW = location(1_000);

    private final ConcurrentLinkedQueue<Work> begun = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Work> placed = new ConcurrentLinkedQueue<>();
    private final Semaphore slow = new Semaphore(0);
    private volatile boolean broken;
    private final Placer placer = new Placer(this::place, NanoTicker.system());

    private void place(Work work) {
        begun.add(work);
        if (work.equals(SLOW) || work.equals(ALSO_SLOW)) {
            slow.acquireUninterruptibly();
        }
        if (broken) {
            throw new IllegalStateException("as the test wants it");
        }
        placed.add(work);
    }

    @AfterEach
    void stop() {
        slow.release(10);
        placer.stop();
        assertThat(placer.isRunning()).isFalse();
    }

    @Test
    void tenThousandMarksOfALocationThatIsBeingPlacedAreOnePlacementMore() {
        placer.start();
        placer.mark(SLOW);
        await().until(() -> begun.size() == 1);
        for (int i = 0; i < 10_000; i++) {
            placer.mark(SLOW);
        }
        assertThat(begun).as("who marks waits for no placement").hasSize(1);
        slow.release(1);
        await().until(() -> begun.size() == 2);
        slow.release(1);
        await().until(() -> placed.size() == 2);

        placer.mark(location(1));
        await().until(() -> placed.contains(location(1)));
        assertThat(begun).containsExactly(SLOW, SLOW, location(1));
    }

    @Test
    void aLocationThatTakesLongDoesNotHoldUpTheOthers() {
        placer.start();
        placer.mark(SLOW);
        await().until(() -> begun.contains(SLOW));
        List<Work> others =
                IntStream.range(1, 200).mapToObj(PlacerTest::location).toList();
        others.forEach(placer::mark);

        await().until(() -> placed.size() == others.size());
        assertThat(placed).containsExactlyElementsOf(others);
    }

    @Test
    void whatFailsIsTriedAgainByItself() {
        broken = true;
        placer.start();
        placer.look(List.of(location(1), location(2)));
        await().until(() -> begun.contains(location(1)) && begun.contains(location(2)));
        broken = false;

        await().until(() -> placed.contains(location(1)) && placed.contains(location(2)));
    }

    @Test
    void whatIsMarkedBeforeTheStartIsPlacedAfterIt() {
        placer.mark(location(1));
        placer.start();

        await().until(() -> placed.contains(location(1)));
    }

    @Test
    void whatIsMarkedIsPlacedBeforeItStopsAndWhatIsOnlyLookedAtIsNot() throws InterruptedException {
        placer.start();
        placer.mark(SLOW);
        placer.mark(ALSO_SLOW);
        await().until(() -> begun.size() == 2);
        placer.look(List.of(location(1)));
        placer.mark(location(2));
        placer.mark(SLOW);
        placer.mark(location(3));

        Thread stopping = Thread.ofVirtual().start(placer::stop);
        await().until(() -> !placer.isRunning());
        slow.release(3);
        stopping.join();

        assertThat(placed).containsExactlyInAnyOrder(SLOW, ALSO_SLOW, location(2), location(3), SLOW);
    }

    private static Work location(int number) {
        return new Work.AtLocation(TenantId.PLATFORM, new LocationId(new UUID(0, number)));
    }
}
