package io.postwatch.controller.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogBudgetTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final LogBudget budget = new LogBudget();
    private final List<String> log = new ArrayList<>();

    @Test
    void tenLinesAMinuteAreWrittenAndTheRestIsCounted() {
        for (int i = 0; i < 1_000; i++) {
            budget.spend(nanos.get(), log::add);
        }
        assertThat(log).hasSize(LogBudget.LINES).containsOnly("");

        nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
        budget.spend(nanos.get(), log::add);
        assertThat(log).hasSize(LogBudget.LINES);

        nanos.incrementAndGet();
        budget.spend(nanos.get(), log::add);
        budget.spend(nanos.get(), log::add);
        assertThat(log).hasSize(LogBudget.LINES + 2).endsWith(" (991 more like this since the last one)", "");
    }
}
