package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Two controllers on one database, two agents of one location and one of another, each of them reached by a line of its own
 * that leads to either controller; and all that can befall them. Called by one thread.
 */
final class FaultyPlatform implements AutoCloseable {
    static final int CONTROLLERS = 2;
    static final int AGENTS = 3;
    static final int LOCATIONS = 2;

    private static final int GARBAGE = 16_384;
    private static final List<String> ALL_ONLINE = Collections.nCopies(AGENTS, "online");

    private final Platform platform;
    private final ProbeLedger ledger;
    private final List<Member> members = new ArrayList<>();

    /** An agent, the id that the controllers know it by, and its line. */
    private record Member(NamedAgent agent, String id, LineRelay line) {}

    private FaultyPlatform(Platform platform, ProbeLedger ledger) {
        this.platform = platform;
        this.ledger = ledger;
    }

    static FaultyPlatform start(Path folder, TestAuthority authority, ProbeLedger ledger) {
        FaultyPlatform faulty = new FaultyPlatform(Platform.startTwo(folder, authority), ledger);
        try {
            Platform.Place first = faulty.platform.first();
            Platform.Place second = faulty.platform.second();
            faulty.add(first.agent(), first, authority);
            faulty.add(second.agent(), second, authority);
            faulty.add(new AgentPart("agent3", folder), first, authority);
            await("all agents are there")
                    .atMost(ControllerPart.READY_WITHIN)
                    .until(faulty::agentStates, ALL_ONLINE::equals);
        } catch (RuntimeException | Error e) {
            faulty.close();
            throw e;
        }
        return faulty;
    }

    private void add(AgentPart agent, Platform.Place place, TestAuthority authority) {
        LineRelay line = LineRelay.to(
                controllers().stream().map(ControllerPart::agentPort).toList());
        NamedAgent named =
                new NamedAgent(agent, members.size(), line.port(), authority, place.newEnrolmentToken(), ledger);
        named.start();
        members.add(new Member(named, newcomerAt(place), line));
    }

    private String newcomerAt(Platform.Place place) {
        return await("the agent has enrolled")
                .atMost(ControllerPart.READY_WITHIN)
                .until(
                        () -> place.api()
                                .read("/agents?locationId=" + place.locationId())
                                .path("items")
                                .valueStream()
                                .map(agent -> agent.path("id").asString(""))
                                .filter(id -> members.stream().noneMatch(member -> member.id.equals(id)))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    /** Saves it for both locations and returns its id. */
    String save(MonitorBody monitor) {
        Map<String, Object> fields = monitor.fields();
        fields.put(
                "locations",
                Map.of(
                        "locationIds",
                        List.of(platform.first().locationId(), platform.second().locationId())));
        return platform.api().created("/monitors", fields).path("id").asString("");
    }

    void killController(int which) {
        controllers().get(which).kill();
    }

    void pauseController(int which) {
        controllers().get(which).pause();
    }

    void killDatabase() {
        platform.database().kill();
    }

    void pauseDatabase() {
        platform.database().pause();
    }

    void killAgent(int which) {
        members.get(which).agent.kill();
    }

    void pauseAgent(int which) {
        members.get(which).agent.pause();
    }

    /** Kills it, and what it has on disk of its results can't be read any more. */
    void damageSpool(int which, Random random) {
        NamedAgent agent = members.get(which).agent;
        agent.kill();
        note();
        ledger.damaged(members.get(which).id, agent.spool().everyRun());
        byte[] garbage = new byte[GARBAGE];
        random.nextBytes(garbage);
        Path file = agent.spool().file();
        try {
            Files.write(file, garbage);
            Files.deleteIfExists(Path.of(file + "-wal"));
            Files.deleteIfExists(Path.of(file + "-shm"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void cutLine(int which) {
        members.get(which).line.cut();
    }

    void letLineGoDead(int which) {
        members.get(which).line.goDead();
    }

    /** Everything goes on, or is started again. What ended although nobody killed it is a failure. */
    void heal() {
        platform.database().resume();
        if (!platform.database().isStarted()) {
            platform.database().start();
        }
        controllers().forEach(ControllerPart::resume);
        List<ControllerPart> dead = controllers().stream()
                .filter(controller -> !controller.isStarted())
                .toList();
        dead.forEach(ControllerPart::begin);
        dead.forEach(ControllerPart::awaitReady);
        for (Member member : members) {
            member.line.restore();
            member.agent.resume();
            if (!member.agent.isStarted()) {
                member.agent.start();
            }
        }
    }

    /** Has the ledger take down what all agents have on disk. */
    void note() {
        for (Member member : members) {
            ledger.note(member.id, member.agent.spool().everyRun());
        }
    }

    Instant now() {
        return Instant.parse(
                strings("SELECT " + ControllerDatabase.utc("now()")).getFirst());
    }

    /**
     * What there is to complain of; nothing where every agent is there and has nothing left to send, and every monitor was
     * run since then at each location and found OK.
     */
    List<String> complaints(List<String> monitors, Instant since) {
        note();
        List<String> complaints = new ArrayList<>();
        List<String> states = agentStates();
        if (!states.equals(ALL_ONLINE)) {
            complaints.add("agents are " + states);
        }
        List<String> series = strings("SELECT DISTINCT series::text FROM postwatch.result WHERE status = 1"
                + " AND scheduled_at > '" + since + "'");
        if (series.size() != LOCATIONS * monitors.size()) {
            complaints.add("since " + since + " only the series " + series + " were found OK");
        }
        for (Member member : members) {
            int open = member.agent.spool().openRuns().size();
            if (open > 0) {
                complaints.add("agent " + member.id + " has " + open + " results to send");
            }
        }
        return complaints;
    }

    private List<String> agentStates() {
        List<String> states = new ArrayList<>();
        platform.api()
                .read("/agents")
                .path("items")
                .forEach(agent -> states.add(agent.path("state").asString("")));
        return states;
    }

    List<StoredRun> stored() {
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            return StoredRun.all(database);
        }
    }

    /** Where agents told that results are missing. */
    List<GapLedger.Told> toldGaps() {
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            return GapLedger.Told.all(database);
        }
    }

    /** Why controllers said of results that they will never store them. */
    List<String> rejected() {
        return members.stream()
                .flatMap(member -> member.agent.spool().setAside().stream())
                .toList();
    }

    private List<String> strings(String sql) {
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            return database.strings(sql);
        }
    }

    private List<ControllerPart> controllers() {
        return List.of(platform.first().controller(), platform.second().controller());
    }

    @Override
    public void close() {
        // What is stopped hears no signal but the last.
        platform.database().resume();
        controllers().forEach(ControllerPart::resume);
        for (Member member : members) {
            member.agent.resume();
            member.agent.kill();
            member.line.close();
        }
        platform.close();
    }
}
