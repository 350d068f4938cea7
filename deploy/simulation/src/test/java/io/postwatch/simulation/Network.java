package io.postwatch.simulation;

import io.postwatch.agent.link.AgentHost;
import io.postwatch.controller.gateway.ControllerHost;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.machine.Connection;
import io.postwatch.simulation.machine.SimulatedProcess;
import io.postwatch.simulation.machine.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The way between agents and controllers. */
final class Network {

    /** After which keep-alive has found out that a connection is dead. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(30);

    private record Link(AgentHost agent, ControllerHost controller, Connection<AgentMessage, ControllerMessage> line) {}

    private final VirtualTime time;
    private final Chance chance;
    private final Duration slowest;
    private final List<ControllerHost> controllers;
    private final List<Link> links = new ArrayList<>();
    private final Map<AgentHost, Long> unreachableUntil = new HashMap<>();
    private final Map<AgentHost, Long> stalledUntil = new HashMap<>();
    private long lastStallEnds;

    Network(VirtualTime time, Chance chance, Duration slowest, List<ControllerHost> controllers) {
        this.time = time;
        this.chance = chance;
        this.slowest = slowest;
        this.controllers = controllers;
    }

    @Nullable
    Connection<AgentMessage, ControllerMessage> dial(
            AgentHost from, SimulatedProcess process, Connection.Dialler<ControllerMessage> dialler) {
        links.removeIf(link -> link.line().isOver());
        ControllerHost to = chance.oneOf(controllers);
        SimulatedProcess serving = to.process();
        if (serving == null || !to.isRunning() || isUnreachable(from)) {
            return null;
        }
        Connection<AgentMessage, ControllerMessage> line = new Connection<>(
                time,
                process,
                serving,
                () -> latency(from),
                dialler,
                connection -> to.accept(connection, from.agentId()));
        links.add(new Link(from, to, line));
        return line;
    }

    private Duration latency(AgentHost from) {
        Duration usual = chance.mostlyNear(Duration.ofMillis(1), slowest);
        long stalled = stalledUntil.getOrDefault(from, 0L) - time.nanos();
        return stalled > 0 ? usual.plusNanos(stalled) : usual;
    }

    private boolean isUnreachable(AgentHost from) {
        return unreachableUntil.getOrDefault(from, 0L) > time.nanos();
    }

    /** Nothing gets through for a while, and nothing is lost. */
    void stall(AgentHost agent, Duration how) {
        long until = time.nanos() + how.toNanos();
        stalledUntil.put(agent, until);
        lastStallEnds = Math.max(lastStallEnds, until);
    }

    /** Until then messages wait that were sent in a stall, and those that follow them: also once all is healed. */
    long lastStallEnds() {
        return lastStallEnds;
    }

    /** The connection breaks; both ends notice at once, late or at different times. */
    void cut(AgentHost agent) {
        cut(link -> link.agent() == agent);
    }

    /** The connection breaks and no new one gets through for a while. */
    void isolate(AgentHost agent, Duration how) {
        unreachableUntil.put(agent, time.nanos() + how.toNanos());
        cut(agent);
    }

    void controllerEnded(ControllerHost controller) {
        cut(link -> link.controller() == controller);
    }

    private void cut(Predicate<Link> which) {
        links.stream().filter(which).forEach(link -> link.line().cut(noticed(), noticed(), chance.onceIn(2)));
    }

    private Duration noticed() {
        return chance.onceIn(2) ? Duration.ZERO : chance.between(Duration.ZERO, KEEPALIVE);
    }

    void heal() {
        unreachableUntil.clear();
        stalledUntil.clear();
    }

    /** The most messages that wait anywhere. */
    int underWay() {
        return links.stream().mapToInt(link -> link.line().underWay()).max().orElse(0);
    }
}
