package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.shared.id.AgentId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One hello of each agent at a time. An agent that comes again while its hello before is under way waits for the end of that
 * one, and of those that wait only the last is of any use: it alone stays. So whoever has one certificate, and as many
 * connections as it likes, takes one turn and one place. Safe for all threads.
 */
final class HelloLines {
    private final Map<AgentId, Line> lines = new HashMap<>();

    /** Of one agent: a hello of its is under way, and perhaps one waits. */
    private static final class Line {
        private @Nullable Waiting next;
    }

    private static final class Waiting {
        private final CountDownLatch called = new CountDownLatch(1);
        private boolean mine;
    }

    /**
     * Waits until no other hello of this agent is under way.
     *
     * @return whether that came in time, and no later hello took this one's place; then it has to {@link #leave}
     */
    boolean enter(AgentId agent, HelloWait wait) throws InterruptedException {
        Waiting waiting = new Waiting();
        synchronized (this) {
            Line line = lines.get(agent);
            if (line == null) {
                lines.put(agent, new Line());
                return true;
            }
            if (line.next != null) {
                line.next.called.countDown();
            }
            line.next = waiting;
        }
        boolean entered = false;
        try {
            wait.until(waiting.called);
            entered = isMine(agent, waiting);
            return entered;
        } finally {
            if (!entered && isMine(agent, waiting)) {
                leave(agent);
            }
        }
    }

    /** Whether it was called. Where it was not, it waits no longer. */
    private synchronized boolean isMine(AgentId agent, Waiting waiting) {
        Line line = lines.get(agent);
        if (!waiting.mine && line != null && line.next == waiting) {
            line.next = null;
        }
        return waiting.mine;
    }

    /** The hello that entered is done with. */
    synchronized void leave(AgentId agent) {
        Line line = lines.get(agent);
        if (line == null || line.next == null) {
            lines.remove(agent);
            return;
        }
        Waiting next = line.next;
        line.next = null;
        next.mine = true;
        next.called.countDown();
    }
}
