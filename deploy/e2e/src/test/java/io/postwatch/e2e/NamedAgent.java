package io.postwatch.e2e;

import io.postwatch.testserver.TestAuthority;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent of which each life of its process introduces itself to the servers that it probes by a name of its own, so that
 * they know who asked. Called by one thread.
 */
final class NamedAgent {
    private static final Pattern LIFE = Pattern.compile("life-\\d+-of-(\\d+)\\.test");

    private final AgentPart agent;
    private final int number;
    private final int controllerPort;
    private final TestAuthority authority;
    private final String token;
    private final ProbeLedger ledger;
    private int life;
    private LifeTime lifeTime = new LifeTime();

    /**
     * Ends the life that it may have without such a name.
     *
     * @param number among the agents of the test
     * @param controllerPort which it dials on this machine
     * @param authority whom it trusts besides the public authorities
     * @param token for its enrolment, where it is new
     * @param ledger which hears of each life that is killed
     */
    NamedAgent(
            AgentPart agent,
            int number,
            int controllerPort,
            TestAuthority authority,
            String token,
            ProbeLedger ledger) {
        this.agent = agent;
        this.number = number;
        this.controllerPort = controllerPort;
        this.authority = authority;
        this.token = token;
        this.ledger = ledger;
        agent.kill();
    }

    /** The number of the agent with this name. */
    static int number(String life) {
        Matcher found = LIFE.matcher(life);
        if (!found.matches()) {
            throw new AssertionError("nobody known introduced itself as " + life);
        }
        return Integer.parseInt(found.group(1));
    }

    void start() {
        life++;
        lifeTime = new LifeTime();
        agent.configure(controllerPort, authority, List.of("smtp.ehlo-name=" + name()));
        agent.start(token);
    }

    boolean isStarted() {
        return agent.isStarted();
    }

    /** kill -9. */
    void kill() {
        if (agent.isStarted()) {
            ledger.killed(name(), lifeTime, Instant.now());
        }
        agent.kill();
    }

    /** SIGSTOP. */
    void pause() {
        lifeTime.stop(Instant.now());
        agent.pause();
    }

    /** SIGCONT. What has ended by itself is a failure. */
    void resume() {
        agent.resume();
        lifeTime.goOn(Instant.now());
    }

    /** As a service manager stops it, also where it is paused. */
    void close() {
        agent.resume();
        agent.close();
    }

    AgentSpool spool() {
        return agent.spool();
    }

    /** When it said that it runs what it was told, in all its lives. */
    List<Instant> applied() {
        return agent.applied();
    }

    private String name() {
        return "life-" + life + "-of-" + number + ".test";
    }
}
