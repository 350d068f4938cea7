package io.postwatch.controller.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Batch.Reporter REPORTER = new Batch.Reporter(
            new TenantId(new UUID(0, 1)), new AgentId(new UUID(0, 2)), new LocationId(new UUID(0, 3)), new UUID(0, 4));

    @Test
    void whatFollowsTheAckIsStored() {
        assertThat(batch(Batch.NO_LEAP, 5, 7).after(new LaneEnd(4, 0)))
                .isEqualTo(new Batch.Step.Store(entries(5, 7), 7));
    }

    @Test
    void whatIsAckedIsNotStoredAgain() {
        assertThat(batch(Batch.NO_LEAP, 5, 7).after(new LaneEnd(6, 0)))
                .isEqualTo(new Batch.Step.Store(entries(7, 7), 7));
        assertThat(batch(Batch.NO_LEAP, 5, 7).after(new LaneEnd(9, 0))).isEqualTo(new Batch.Step.Store(List.of(), 9));
    }

    @Test
    void whatLeapsWithoutALeaveIsNotStored() {
        assertThat(batch(Batch.NO_LEAP, 6, 7).after(new LaneEnd(4, 0))).isEqualTo(new Batch.Step.OutOfSequence(4));
    }

    @Test
    void theFirstBatchOfASessionLeapsFromWhatItsAgentWasTold() {
        assertThat(batch(4, 6, 7).after(new LaneEnd(4, 0))).isEqualTo(new Batch.Step.Store(entries(6, 7), 7));
        assertThat(batch(4, 7, 7).after(new LaneEnd(5, 0))).isEqualTo(new Batch.Step.Store(entries(7, 7), 7));
    }

    @Test
    void aDatabaseThatWasSetBackSinceTheWelcomeIsNotLeaptOver() {
        assertThat(batch(4, 5, 7).after(new LaneEnd(2, 0))).isEqualTo(new Batch.Step.OutOfSequence(2));
    }

    @Test
    void whatACopyOfTheSpoolNumberedIsNotTakenForWhatIsStored() {
        Batch batch = new Batch(REPORTER, new UUID(0, 9), Lane.LIVE, Batch.NO_LEAP, List.of(gap(5, 10), gap(6, 20)));
        long stored = gap(6, 30).mark();

        assertThat(batch.after(new LaneEnd(6, stored))).isEqualTo(new Batch.Step.OfACopy());
        assertThat(batch.after(new LaneEnd(6, gap(6, 20).mark()))).isEqualTo(new Batch.Step.Store(List.of(), 6));
        assertThat(batch.after(new LaneEnd(6, 0))).isEqualTo(new Batch.Step.Store(List.of(), 6));
        // Of what lies beyond it, the batch knows nothing: the ack tells the agent.
        assertThat(batch.after(new LaneEnd(9, stored))).isEqualTo(new Batch.Step.Store(List.of(), 9));
    }

    private static SpoolEntry gap(long sequence, long count) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        return new SpoolEntry.Gap(sequence, count, at, at, SpoolEntry.Gap.Reason.SPOOL_FULL);
    }

    private static Batch batch(long leapsFrom, long first, long last) {
        return new Batch(REPORTER, new UUID(0, 9), Lane.LIVE, leapsFrom, entries(first, last));
    }

    private static List<SpoolEntry> entries(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .<SpoolEntry>mapToObj(sequence -> new SpoolEntry.Unreadable(sequence, "as in a test"))
                .toList();
    }
}
