package io.postwatch.controller.liveness;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For how long a controller has looked at something without a pause: what was silent while it didn't look, because it or
 * the database was down, may have spoken to nobody. Pure; time is monotonic.
 *
 * @param since since when it looks again; null: there was no pause
 * @param last the last look; null: there was none yet
 */
public record Attention(@Nullable Long since, @Nullable Long last) {
    public static final Attention UNBROKEN = new Attention(null, null);

    public Attention look(long now) {
        boolean paused = last != null && now - last > Absences.LONGEST_GAP.toNanos();
        return new Attention(paused ? Long.valueOf(now) : since, now);
    }

    /** Whether, at the last look, there had been no pause for so long. */
    public boolean hasLasted(Duration least) {
        return since == null || last == null || last - since >= least.toNanos();
    }
}
