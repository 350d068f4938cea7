package io.postwatch.e2e;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of the build which whole-system tests it left out, and what runs them. */
public final class LeftOutTests implements TestExecutionListener {
    private final List<String> names = new ArrayList<>();

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isContainer()) {
            names.add(test.getDisplayName() + ": " + reason);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (names.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("\nWhole-system tests that were left out (deploy/verify runs them):\n");
        names.forEach(name -> text.append("  - ").append(name).append('\n'));
        System.out.println(text);
    }
}
