package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.login.LeaseAnswer;
import io.postwatch.controller.assignment.login.LoginLeases;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.evaluation.Rejection;
import io.postwatch.controller.evaluation.SpoolEntry;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.gateway.mapping.TextMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.RecentLoad;
import io.postwatch.controller.proof.PlaceAnswer;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets everybody in, keeps how far each lane is stored, and looks closely at what it is given. What it finds wrong it throws,
 * and keeps as well: a session takes what is thrown at it for a database that is away, or has ended already.
 */
class UnfoolableTasks implements SessionTasks {
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");
    private static final int MOST_TEXT = 200_000;

    private final Instant now;
    private final Map<Lane, Long> acked = new EnumMap<>(Lane.class);
    private final AtomicReference<@Nullable AssertionError> fooled = new AtomicReference<>();
    private long epoch;

    UnfoolableTasks(Instant now) {
        this.now = now;
    }

    /** Fails where anything that came here was wrong, with the first of it. */
    void assertNotFooled() {
        AssertionError first = fooled.get();
        if (first != null) {
            throw new AssertionError("What came to be stored is wrong: " + first.getMessage(), first);
        }
    }

    private void look(Runnable assertions) {
        try {
            assertions.run();
        } catch (AssertionError wrong) {
            fooled.compareAndSet(null, wrong);
            throw wrong;
        }
    }

    @Override
    public SessionInput admit(SessionEffect.Admit admit, AgentPeer peer, SessionEnd end) {
        epoch++;
        AgentSession session = new AgentSession(
                new TenantId(new UUID(0, 1)),
                peer.certificate().agent(),
                new LocationId(new UUID(0, 4)),
                new UUID(5, epoch),
                epoch);
        return new SessionInput.Admitted(
                new Admission.Admitted(session, "agent", "place", false),
                acked.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, lane -> new LaneEnd(lane.getValue(), 0))),
                DesiredState.NOTHING,
                new SessionInput.Admitted.Welcoming(now, Duration.ofSeconds(8), List.of(), List.of()));
    }

    @Override
    public LeaseAnswer lease(SessionEffect.AskLease ask) {
        return LoginLeases.busy();
    }

    @Override
    public void giveBack(SessionEffect.ReturnLease returned) {
        // None was given.
    }

    @Override
    public void announce(AgentSession session) {
        // Nobody waits for it.
    }

    @Override
    public SessionInput readPlan(SessionEffect.ReadPlan read) {
        return new SessionInput.PlanRead(new PlanChange(DesiredState.NOTHING, List.of(), List.of()), read.whole());
    }

    @Override
    public SessionInput store(SessionEffect.Store store, SessionEnd end) {
        Batch batch = store.batch();
        look(() -> assertThat(batch.entries()).hasSizeLessThanOrEqualTo(Batch.MAX_RECORDS));
        long before = acked.getOrDefault(batch.lane(), 0L);
        return switch (batch.after(new LaneEnd(before, 0))) {
            case Batch.Step.OutOfSequence(long through) ->
                new SessionInput.BatchDone(batch.lane(), batch.last(), new BatchOutcome.OutOfSequence(through));
            case Batch.Step.OfACopy() ->
                new SessionInput.BatchDone(batch.lane(), batch.last(), new BatchOutcome.Fenced());
            case Batch.Step.Store(var fresh, long through) -> {
                look(() -> assertThat(through).isBetween(before, Batch.MAX_SEQUENCE + Batch.MAX_RECORDS));
                acked.put(batch.lane(), through);
                List<Rejection> rejections = fresh.stream()
                        .filter(entry -> !isStored(entry))
                        .map(entry -> new Rejection(entry.sequence(), Rejection.Reason.MALFORMED, "as said"))
                        .toList();
                yield new SessionInput.BatchDone(
                        batch.lane(), batch.last(), new BatchOutcome.Stored(through, 0, rejections, Map.of()));
            }
        };
    }

    private boolean isStored(SpoolEntry entry) {
        return switch (entry) {
            case SpoolEntry.Unreadable(var sequence, var why) -> {
                look(() -> assertThat(why).isNotBlank());
                yield false;
            }
            case SpoolEntry.Gap gap -> {
                look(() -> {
                    assertThat(gap.count()).isNotNegative();
                    assertThat(gap.first()).isBetween(Instant.EPOCH, END_OF_TIME);
                    assertThat(gap.last()).isBetween(gap.first(), END_OF_TIME);
                });
                yield true;
            }
            case SpoolEntry.Run(var sequence, var run) -> {
                look(() -> assertMakesSense(run));
                yield true;
            }
        };
    }

    private static void assertMakesSense(RunRecord run) {
        assertThat(run.series()).isNotNull();
        assertThat(run.revision()).isNotNegative();
        assertThat(run.scheduledAt()).isBetween(Instant.EPOCH, END_OF_TIME);
        assertThat(run.startedAt()).isBetween(Instant.EPOCH, END_OF_TIME);
        assertThat(run.total()).isBetween(Duration.ZERO, Duration.ofDays(1));
        run.phases().forEach(phase -> {
            assertThat(phase.start()).isBetween(Duration.ZERO, Duration.ofDays(1));
            assertThat(phase.duration()).isBetween(Duration.ZERO, Duration.ofDays(1));
        });
        String text = run.toString();
        assertThat(text.length()).isLessThan(MOST_TEXT + 256 * 1024);
        assertThat(text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t'))
                .as("no control characters in %s", text)
                .isTrue();
    }

    @Override
    public void store(SessionEffect.StoreCertificates upload) {
        look(() -> assertThat(upload.wanted()).isEmpty());
    }

    @Override
    public void record(SessionEffect.RecordPulse pulse, RecentLoad recent) {
        look(() -> {
            assertThat(recent.runsPerMinute()).isNotNegative().isFinite();
            assertThat(recent.scheduleLag()).isBetween(Duration.ZERO, Duration.ofDays(1));
            assertThat(recent.skippedRuns()).isNotNegative();
            assertThat(recent.skippedInSession()).isNotNegative();
        });
    }

    @Override
    public void record(SessionEffect.RecordApplied report) {
        // What an agent says of itself.
    }

    @Override
    public void record(SessionEffect.RecordOutcome effect) {
        try {
            RunRecord run = ResultMapping.run(effect.outcome().getResult());
            look(() -> assertThat(run.total()).isBetween(Duration.ZERO, Duration.ofDays(1)));
        } catch (IllegalArgumentException refused) {
            look(() -> assertThat(refused).hasMessageNotContaining("null"));
        }
    }

    @Override
    public void record(SessionEffect.RecordTexts effect) {
        if (TextMapping.answer(effect.found()) instanceof PlaceAnswer.Told(var texts, var _, var aliasOf)) {
            look(() -> {
                assertThat(texts).hasSizeLessThanOrEqualTo(16).allMatch(text -> text.matches("[ -~]{0,255}"));
                assertThat(aliasOf == null || texts.isEmpty()).isTrue();
            });
        }
    }

    @Override
    public void close(AgentSession session, boolean agentWent) {
        look(() -> assertThat(session.epoch()).isBetween(1L, epoch));
    }
}
