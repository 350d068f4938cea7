package io.postwatch.bench.hostile;

import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.run.MailProbe;
import io.postwatch.agent.probe.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Probes servers over and over, each at its own moment of a period, as an agent does. */
final class Loop {

    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final MailProbe probe;
    private final List<Aim> aims;
    private final Duration timeout;
    private final Queue<Long> goodNanos = new ConcurrentLinkedQueue<>();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong hostileRuns = new AtomicLong();

    /** @param all whether the hostile ones are probed, too */
    Loop(MailProbe probe, List<Aim> aims, boolean all, Duration timeout) {
        this.probe = probe;
        this.timeout = timeout;
        this.aims = aims.stream().filter(aim -> all || aim.isGood()).toList();
    }

    /**
     * What came of it.
     *
     * @param goodRuns of good servers
     * @param failed runs of good servers that were not OK
     * @param p99Nanos from the moment a run of a good server was due to its result
     */
    record Outcome(long goodRuns, long failed, long hostileRuns, long p50Nanos, long p99Nanos, long heapPeakBytes) {

        String line() {
            return "%d %d %d %d %d %d".formatted(goodRuns, failed, hostileRuns, p50Nanos, p99Nanos, heapPeakBytes);
        }

        static Outcome of(String line) {
            String[] words = line.split(" ", -1);
            return new Outcome(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]));
        }
    }

    /** Goes on for that long and waits for those that are under way. */
    Outcome run(Duration time, Duration period) throws InterruptedException {
        List<Future<?>> turns = new ArrayList<>();
        try (ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor()) {
            try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
                long start = System.nanoTime();
                for (int i = 0; i < aims.size(); i++) {
                    // Multiples of the golden ratio are spread evenly, and so are those of any part of the servers.
                    long offset = (long) (period.toNanos() * (i * GOLDEN_RATIO % 1));
                    turns.add(schedule(aims.get(i), start + offset, period.toNanos(), clock, runs));
                }
                if (clock.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IllegalStateException("nobody else ends the clock");
                }
                clock.shutdownNow();
            }
        }
        if (turns.stream().anyMatch(turn -> turn.state() == Future.State.FAILED)) {
            throw new IllegalStateException("the runs of a server did not go on");
        }
        long[] sorted = goodNanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Outcome(
                sorted.length,
                failed.get(),
                hostileRuns.get(),
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                Remains.heapPeak());
    }

    private static long quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * share)];
    }

    private Future<?> schedule(Aim aim, long first, long period, ScheduledExecutorService clock, ExecutorService runs) {
        ProbeRequest request = HostileEngineCommand.request(aim);
        AtomicLong due = new AtomicLong(first - period);
        AtomicBoolean underWay = new AtomicBoolean();
        return clock.scheduleAtFixedRate(
                () -> {
                    long moment = due.addAndGet(period);
                    if (underWay.compareAndSet(false, true)) {
                        runs.execute(() -> {
                            probe(aim, request, moment);
                            underWay.set(false);
                        });
                    }
                },
                first - System.nanoTime(),
                period,
                TimeUnit.NANOSECONDS);
    }

    private void probe(Aim aim, ProbeRequest request, long due) {
        try (Deadline deadline = Deadline.after(timeout, System::nanoTime)) {
            ProbeResult result = probe.run(request, deadline);
            if (!aim.isGood()) {
                hostileRuns.incrementAndGet();
                return;
            }
            goodNanos.add(System.nanoTime() - due);
            if (result.status() != Status.OK) {
                failed.incrementAndGet();
            }
        }
    }
}
