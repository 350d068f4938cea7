package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Up to three faults, one after the other, a while in which they last, and then their end.
 *
 * @param garbage draws what a damaged disk holds
 */
record FaultRound(List<Fault> faults, Random garbage) {
    private static final int MOST_AT_ONCE = 3;
    private static final int MOST_MILLIS = 4_000;

    FaultRound {
        faults = List.copyOf(faults);
    }

    /** What can befall whom. */
    enum Kind {
        KILL_AGENT(FaultyPlatform.AGENTS),
        PAUSE_AGENT(FaultyPlatform.AGENTS),
        DAMAGE_SPOOL(FaultyPlatform.AGENTS),
        CUT_LINE(FaultyPlatform.AGENTS),
        LINE_GOES_DEAD(FaultyPlatform.AGENTS),
        KILL_CONTROLLER(FaultyPlatform.CONTROLLERS),
        PAUSE_CONTROLLER(FaultyPlatform.CONTROLLERS),
        KILL_DATABASE(1),
        PAUSE_DATABASE(1);

        private final int victims;

        Kind(int victims) {
            this.victims = victims;
        }
    }

    /** One fault, and how long it lasts alone. */
    record Fault(Kind kind, int which, Duration lasting) {
        @Override
        public String toString() {
            return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + which + " " + lasting.toMillis()
                    + " ms";
        }
    }

    static FaultRound draw(Random random) {
        List<Fault> faults = new ArrayList<>();
        for (int left = 1 + random.nextInt(MOST_AT_ONCE); left > 0; left--) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            faults.add(
                    new Fault(kind, random.nextInt(kind.victims), Duration.ofMillis(1 + random.nextInt(MOST_MILLIS))));
        }
        return new FaultRound(faults, new Random(random.nextLong()));
    }

    void play(FaultyPlatform platform, Consumer<String> tell) {
        tell.accept(faults.stream().map(Fault::toString).collect(Collectors.joining(", ")));
        for (Fault fault : faults) {
            befall(platform, fault);
            await("the next fault").pollDelay(fault.lasting()).until(() -> true);
        }
        platform.heal();
    }

    private void befall(FaultyPlatform platform, Fault fault) {
        int which = fault.which();
        switch (fault.kind()) {
            case KILL_AGENT -> platform.killAgent(which);
            case PAUSE_AGENT -> platform.pauseAgent(which);
            case DAMAGE_SPOOL -> platform.damageSpool(which, garbage);
            case CUT_LINE -> platform.cutLine(which);
            case LINE_GOES_DEAD -> platform.letLineGoDead(which);
            case KILL_CONTROLLER -> platform.killController(which);
            case PAUSE_CONTROLLER -> platform.pauseController(which);
            case KILL_DATABASE -> platform.killDatabase();
            case PAUSE_DATABASE -> platform.pauseDatabase();
        }
    }
}
