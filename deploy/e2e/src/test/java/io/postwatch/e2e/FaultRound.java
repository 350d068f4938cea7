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

    /** Beyond every patience there is: 15 s for a lease, 24 s for a silence, 75 s for a controller that is given up. */
    private static final Duration LONGEST = Duration.ofSeconds(100);

    /** Where there is a minute in all. */
    private static final Duration LONGEST_IN_SHORT = Duration.ofSeconds(4);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(5);

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

    /**
     * Draws one.
     *
     * @param lasting how long there are faults in all
     */
    static FaultRound draw(Random random, Duration lasting) {
        Duration longest = lasting.compareTo(LONG) < 0 ? LONGEST_IN_SHORT : LONGEST;
        List<Fault> faults = new ArrayList<>();
        for (int left = 1 + random.nextInt(MOST_AT_ONCE); left > 0; left--) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            faults.add(new Fault(kind, random.nextInt(kind.victims), upTo(longest, random)));
        }
        return new FaultRound(faults, new Random(random.nextLong()));
    }

    /** As often between 0.1 and 1 second as between 1 and 10. */
    private static Duration upTo(Duration longest, Random random) {
        double factor = longest.dividedBy(SHORTEST);
        return Duration.ofMillis((long) (SHORTEST.toMillis() * Math.pow(factor, random.nextDouble())));
    }

    void play(FaultyPlatform platform, Consumer<String> tell) {
        tell.accept(faults.stream().map(Fault::toString).collect(Collectors.joining(", ")));
        for (Fault fault : faults) {
            befall(platform, fault);
            await("the next fault")
                    .pollDelay(fault.lasting())
                    .atMost(LONGEST.plusSeconds(10))
                    .until(() -> true);
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
