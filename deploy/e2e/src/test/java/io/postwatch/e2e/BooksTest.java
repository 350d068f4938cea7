package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The books of {@link FaultsIT} and {@link PoolIT} notice what they are kept for: each test is a way to cheat. */
final class BooksTest {
    private static final String AGENT = "the agent";
    private static final String LIFE = "life-1-of-0.test";
    private static final String SPOOL = "a spool";
    private static final long SERIES = 7;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private final Instant firstDue = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final ProbeLedger ledger = new ProbeLedger(1, TIMEOUT);
    private final List<RecordedRun> recorded = new ArrayList<>();
    private final List<StoredRun> stored = new ArrayList<>();

    @BeforeEach
    void threeRuns() throws IOException {
        for (int run = 0; run < 3; run++) {
            String greeting = probe();
            record(recorded(greeting, run, run + 1));
        }
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void honestBooksAreBelieved() {
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void aResultThatIsNotStored() {
        stored.removeLast();
        assertNoticed("what agents recorded and the database does not have");
    }

    @Test
    void aStoredResultThatNobodyRecorded() {
        recorded.removeLast();
        assertNoticed("stored runs that no agent recorded");
    }

    @Test
    void aMomentThatWasRunTwiceByOneAgentAndStoredOnce() throws IOException {
        recorded.add(recorded(probe(), 2, 4));
        assertNoticed("numbers of the grid that one agent gave to several runs");
    }

    @Test
    void aMomentThatIsRunAgainOnceItsResultWentWithTheDiskIsExcused() throws IOException {
        note();
        ledger.damaged(AGENT, List.of());
        recorded.clear();
        recorded.add(numbered(recorded(probe(), 2, 1), "another spool", 1));
        settle();
        Instant noticed = Instant.now().plusSeconds(1);
        assertThatCode(() -> ledger.check(stored, List.of(new GapLedger.Told(AGENT, 3, firstDue, noticed))))
                .doesNotThrowAnyException();
    }

    @Test
    void aNumberOfALaneThatTwoRecordsHave() throws IOException {
        record(recorded(probe(), 3, 3));
        assertNoticed("numbers of a lane that were given to several runs");
    }

    @Test
    void aNumberOfALaneThatWasAnotherRecordsBefore() throws IOException {
        note();
        RecordedRun other = recorded.removeLast();
        recorded.add(numbered(other, SPOOL, 4));
        record(recorded(probe(), 3, 3));
        assertNoticed("numbers of a lane that were given to several runs");
    }

    @Test
    void aRecordThatIsNumberedAnew() {
        note();
        recorded.add(numbered(recorded.removeLast(), SPOOL, 4));
        assertNoticed("runs that had several numbers in one spool");
    }

    @Test
    void aProbeThatIsForgotten() throws IOException {
        probe();
        assertNoticed("probes of which nobody knows");
    }

    @Test
    void aProbeThatItsProcessMayHaveBeenAtWhenItWasKilledIsExcused() throws IOException {
        probe();
        killedAfter(ProbeLedger.inFlight(TIMEOUT).minusSeconds(1), new LifeTime());
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void aProbeThatItsProcessHadLongEndedWhenItWasKilled() throws IOException {
        probe();
        killedAfter(ProbeLedger.inFlight(TIMEOUT).plusSeconds(1), new LifeTime());
        assertNoticed("probes of which nobody knows");
    }

    @Test
    void aProbeThatItsProcessMayHaveBeenAtWhenItWasStoppedAndNeverWentOnIsExcused() throws IOException {
        probe();
        LifeTime life = new LifeTime();
        life.stop(Instant.now().plusSeconds(1));
        killedAfter(Duration.ofMinutes(1), life);
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void aProbeThatItsProcessHadTimeToEndSinceItWentOn() throws IOException {
        probe();
        LifeTime life = new LifeTime();
        life.stop(Instant.now().plusSeconds(1));
        life.goOn(Instant.now().plusSeconds(31));
        killedAfter(Duration.ofSeconds(31).plus(ProbeLedger.inFlight(TIMEOUT)), life);
        assertNoticed("probes of which nobody knows");
    }

    @Test
    void theLastProbeButOneOfAKilledProcess() throws IOException {
        probe();
        record(recorded(probe(), 4, 4));
        killedAfter(Duration.ZERO, new LifeTime());
        assertNoticed("probes of which nobody knows");
    }

    @Test
    void aGapThatNoDamageExplains() {
        settle();
        GapLedger.Told gap = new GapLedger.Told(AGENT, 3, firstDue, firstDue);
        assertThatThrownBy(() -> ledger.check(stored, List.of(gap))).hasMessageContaining("the damage that explains");
    }

    @Test
    void runsThatWereStoredInAnotherOrderThanTheyWereNumbered() {
        StoredRun last = stored.removeLast();
        stored.add(new StoredRun(last.run(), last.key(), last.triggered(), 1, last.greeting()));
        StoredRun first = stored.removeFirst();
        stored.add(new StoredRun(first.run(), first.key(), first.triggered(), 9, first.greeting()));
        assertNoticed("stored of ");
    }

    private void assertNoticed(String words) {
        assertThatThrownBy(this::check).isInstanceOf(AssertionError.class).hasMessageContaining(words);
    }

    private void check() {
        settle();
        ledger.check(stored, List.of());
    }

    private void settle() {
        note();
        ledger.freeze();
        ledger.settle();
    }

    private void note() {
        ledger.note(AGENT, recorded);
    }

    private void killedAfter(Duration sinceTheLastProbe, LifeTime life) {
        Instant last = ledger.probes().getLast().at();
        ledger.killed(LIFE, life, last.plus(sinceTheLastProbe));
    }

    private void record(RecordedRun run) {
        recorded.add(run);
        stored.add(new StoredRun(run.run(), run.key(), false, stored.size() + 1, run.greeting()));
    }

    private RecordedRun recorded(String greeting, int run, long sequence) {
        Instant due = firstDue.plus(PERIOD.multipliedBy(run));
        RecordedRun unnumbered =
                new RecordedRun(UUID.randomUUID(), new RunKey(SERIES, due), null, false, greeting, due, true, false);
        return numbered(unnumbered, SPOOL, sequence);
    }

    private static RecordedRun numbered(RecordedRun run, String spool, long sequence) {
        return new RecordedRun(
                run.run(),
                run.key(),
                new RecordedRun.Place(new RecordedRun.LaneOfSpool(spool, 1), sequence),
                run.triggered(),
                run.greeting(),
                run.startedAt(),
                run.acked(),
                run.givenUp());
    }

    /** Asks the server as a run does, and returns its greeting once it knows who asked. */
    private String probe() throws IOException {
        int before = ledger.probes().size();
        try (Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), ledger.ports().getFirst());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String greeting = in.readLine();
            socket.getOutputStream().write(("EHLO " + LIFE + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            await("the server heard it").until(() -> ledger.probes().size() > before);
            return greeting;
        }
    }
}
