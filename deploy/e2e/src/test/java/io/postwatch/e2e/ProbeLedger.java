package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What was probed, as the probed servers know it, beside what agents recorded and what the database has. Each connection is
 * greeted by a number of its own, which its result tells; each life of an agent's process introduces itself by a name of
 * its own. So every probe is known to who was asked, and nothing has to be believed of who asked.
 */
final class ProbeLedger implements AutoCloseable {
    /** Servers and agents know the time that well. */
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

    private static final Duration WATCHDOG = Duration.ofSeconds(5);

    private final List<TestServer> servers = new ArrayList<>();

    /** When which probe was. */
    private final Map<String, Instant> greeted = new ConcurrentHashMap<>();

    private final Map<UUID, RecordedRun> recorded = new HashMap<>();

    /** By the name of a life that was killed. */
    private final Map<String, Death> deaths = new HashMap<>();

    private final GapLedger gaps = new GapLedger();
    private final NumberLedger numbers = new NumberLedger();
    private final Duration inFlight;

    /** The probes that are accounted for, and what had to be stored by then; empty until {@link #freeze}, {@link #settle}. */
    private List<Probe> counted = List.of();

    private List<RecordedRun> promised = List.of();

    private record Death(LifeTime life, Instant at) {}

    /**
     * Starts the servers.
     *
     * @param timeout of the monitors
     */
    ProbeLedger(int count, Duration timeout) {
        this.inFlight = inFlight(timeout);
        for (int i = 0; i < count; i++) {
            int server = i;
            try {
                servers.add(TestServer.smtp()
                        .greeting(connection -> greet(server, connection))
                        .start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * How long a run is at its server and on its way to the disk at most: it has its timeout, and what goes on for the
     * agent's {@code ScheduleLimits.watchdog} after that is recorded as given up. Nobody promises how fast a disk is, but
     * nearly all runs have nearly all of this left when they come to it.
     */
    static Duration inFlight(Duration timeout) {
        return timeout.plus(WATCHDOG);
    }

    private Reply greet(int server, int connection) {
        String name = Probe.name(server, connection);
        greeted.put(name, Instant.now());
        return Reply.lines("220 mail.test ESMTP " + name);
    }

    List<Integer> ports() {
        return servers.stream().map(TestServer::port).toList();
    }

    /** Takes down what the agent with this id has on disk, which it doesn't keep for ever. */
    void note(String agent, Collection<RecordedRun> runs) {
        runs.forEach(run -> {
            recorded.put(run.run(), run);
            numbers.note(agent, run);
        });
    }

    /** The process that introduced itself like this was killed. */
    void killed(String name, LifeTime life, Instant at) {
        deaths.put(name, new Death(life, at));
    }

    /** The disk of the agent with this id is no more; what of it the controller did not have is lost, and has to be told. */
    void damaged(String agent, Collection<RecordedRun> runs) {
        gaps.damaged(agent, Instant.now(), runs);
        numbers.damaged(agent);
    }

    /** The probes that have begun by now are those that are accounted for: servers are probed as long as agents live. */
    void freeze() {
        counted = probes();
    }

    /** What has been taken down by now was sent, too: it has to be stored. */
    void settle() {
        promised = List.copyOf(recorded.values());
    }

    /**
     * All promises, at the end, when every agent has been connected again and had nothing left to send.
     *
     * @param stored after {@link #settle}, and before the last {@link #note}
     * @param told every gap
     */
    void check(Collection<StoredRun> stored, Collection<GapLedger.Told> told) {
        gaps.check(told);
        numbers.check();
        assertThat(stored).as("what is stored").isNotEmpty();
        assertThat(stored.stream().map(StoredRun::run)).as("ids of stored runs").doesNotHaveDuplicates();
        assertThat(named(stored)).as("probes that are stored").doesNotHaveDuplicates();
        assertThat(named(stored)).as("probes that took place").isSubsetOf(connections());
        Set<UUID> destroyed = gaps.destroyed();
        Set<RunKey> keys = stored.stream().map(StoredRun::key).collect(Collectors.toSet());
        assertThat(promised)
                .as("what agents recorded and the database does not have")
                .filteredOn(run -> !keys.contains(run.key()) && !destroyed.contains(run.run()))
                .isEmpty();
        assertThat(foreign(stored)).as("stored runs that no agent recorded").isEmpty();
        assertThat(probes()).as("who probed").isNotEmpty().allMatch(probe -> NamedAgent.number(probe.life()) >= 0);
        assertThat(unaccounted(stored)).as("probes of which nobody knows").isEmpty();
        new RecordOrder(recorded.values()).check(probes(), stored);
    }

    @Override
    public void close() {
        servers.forEach(TestServer::close);
    }

    private static List<String> named(Collection<StoredRun> stored) {
        return stored.stream()
                .map(run -> Probe.named(run.greeting()))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private Set<String> connections() {
        Set<String> all = new HashSet<>();
        for (int server = 0; server < servers.size(); server++) {
            for (int connection = 0; connection < servers.get(server).connections(); connection++) {
                all.add(Probe.name(server, connection));
            }
        }
        return all;
    }

    private List<UUID> foreign(Collection<StoredRun> stored) {
        return stored.stream()
                .map(StoredRun::run)
                .filter(run -> !recorded.containsKey(run))
                .toList();
    }

    /** Neither stored, nor recorded, nor given up, nor cut off by the death of the process that made them. */
    private List<Probe> unaccounted(Collection<StoredRun> stored) {
        Set<String> known = new HashSet<>(named(stored));
        recorded.values().forEach(run -> known.add(Probe.named(run.greeting())));
        List<Probe> unaccounted = new ArrayList<>();
        counted.stream()
                .collect(Collectors.groupingBy(probe -> List.of(probe.server(), probe.life())))
                .values()
                .forEach(ofOneLife -> ofOneLife.stream()
                        .filter(probe -> !known.contains(probe.name()))
                        .filter(probe -> !probe.equals(ofOneLife.getLast()) || !isCutOff(probe))
                        .forEach(unaccounted::add));
        List<RecordedRun> givenUp = new ArrayList<>(
                recorded.values().stream().filter(RecordedRun::givenUp).toList());
        unaccounted.removeIf(probe -> explained(probe, givenUp));
        return unaccounted;
    }

    /**
     * The process was killed while it may have been at this one, its last against that server: runs don't overlap, and the
     * next begins when the one before is recorded.
     */
    private boolean isCutOff(Probe probe) {
        Death death = deaths.get(probe.life());
        return death != null && death.life().running(probe.at(), death.at()).compareTo(inFlight) <= 0;
    }

    /** By a run against that server that was given up meanwhile, and which explains no other probe. */
    private boolean explained(Probe probe, List<RecordedRun> givenUp) {
        Set<Long> series = recorded.values().stream()
                .filter(run -> Probe.server(run.greeting()) == probe.server())
                .map(run -> run.key().series())
                .collect(Collectors.toSet());
        return givenUp.stream()
                .filter(run -> series.contains(run.key().series())
                        && run.key().scheduledAt().isBefore(probe.at().plus(CLOCKS_AGREE))
                        && probe.at().isBefore(run.startedAt().plus(CLOCKS_AGREE)))
                .findFirst()
                .map(givenUp::remove)
                .orElse(false);
    }

    /** Those whose client has introduced itself, in the order of their connections. */
    List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            int server = i;
            servers.get(i).heard().stream()
                    .filter(heard -> heard.line().startsWith("EHLO "))
                    .map(heard -> probe(server, heard))
                    .sorted((one, other) -> Integer.compare(one.connection(), other.connection()))
                    .forEach(probes::add);
        }
        return probes;
    }

    /** By the name of a probe, for which moment the agent recorded it. */
    Map<String, Instant> due() {
        return recorded.values().stream()
                .filter(run -> !Probe.named(run.greeting()).isEmpty())
                .collect(Collectors.toMap(
                        run -> Probe.named(run.greeting()), run -> run.key().scheduledAt()));
    }

    private Probe probe(int server, TestServer.Heard heard) {
        String life = heard.line().substring("EHLO ".length());
        String name = Probe.name(server, heard.connection());
        return new Probe(server, heard.connection(), life, Objects.requireNonNull(greeted.get(name)));
    }
}
