package io.postwatch.e2e;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Says at the end which whole-system tests this process left out, and what runs them. */
public final class LeftOutTests implements LauncherSessionListener, TestExecutionListener {
    private final List<String> names = new ArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(this);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isContainer()) {
            names.add(test.getDisplayName() + ": " + reason);
        }
    }

    /** Not with a test plan: where classes are handed out one by one, each is a plan. */
    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (names.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("\nWhole-system tests that were left out (deploy/verify runs them):\n");
        names.forEach(name -> text.append("  - ").append(name).append('\n'));
        System.out.println(text);
    }
}
