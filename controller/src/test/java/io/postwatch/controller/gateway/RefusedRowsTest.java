package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Gap;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Rows that make sense to the controller and that the database refuses all the same: they hold up nothing else. */
class RefusedRowsTest extends BystanderTest {
    private final JdbcClient tables;
    private final Instant at = Instant.now().minusSeconds(600);

    RefusedRowsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired Environment environment) {
        super(people, server, authority, system, jdbc);
        tables = JdbcClient.create(new DriverManagerDataSource(
                environment.getRequiredProperty("postwatch.database.url") + "?currentSchema=postwatch",
                environment.getRequiredProperty("postwatch.database.username"),
                environment.getRequiredProperty("postwatch.database.password")));
    }

    @AfterEach
    void refuseNothing() {
        tables.sql("ALTER TABLE result DROP CONSTRAINT IF EXISTS refused").update();
    }

    @Test
    void theNeighboursOfARefusedRowAreStoredAndItsAgentHearsWhichOneWasNot() {
        RunResult one = run(1);
        RunResult two = run(2);
        RunResult three = run(3);
        RunResult four = run(4);
        RunResult six = run(6);
        refuse(two, four);
        ScriptedAgent.Stream stream = agent.connect().greet();

        stream.say(batch(
                Lane.LANE_LIVE,
                List.of(entry(1, one), entry(2, two), entry(3, three), entry(4, four), gap(5), entry(6, six))));

        assertThat(stream.hear(MessageCase.ACK).getAck().getThroughSequence()).isEqualTo(6);
        assertThat(rejected(stream)).containsExactly(2L, 4L);
        assertThat(storedRuns()).containsExactlyInAnyOrder(id(one), id(three), id(six));
        assertThat(gaps()).isOne();
        standsAndSoDoesTheBystander(stream);
    }

    @Test
    void whatComesAfterABatchOfRefusedRowsIsStored() {
        RunResult one = run(1);
        RunResult two = run(2);
        refuse(one, two);
        ScriptedAgent.Stream stream = agent.connect().greet();

        stream.results(1, one, two);
        stream.results(3, run(3));

        assertThat(stream.hear(MessageCase.ACK, 1).getAck().getThroughSequence())
                .isEqualTo(3);
        assertThat(rejected(stream)).containsExactly(1L, 2L);
        assertThat(results(monitor)).hasSize(1);
        standsAndSoDoesTheBystander(stream);
    }

    /** A number is one record for ever, also where its batch comes again with another and with one that is refused. */
    @Test
    void whatIsAckedIsNotStoredAgainBesideARefusedRow() {
        RunResult one = run(1);
        RunResult two = run(2);
        RunResult three = run(3);
        refuse(three);
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.results(1, one, two);
        stream.hear(MessageCase.ACK);

        stream.results(1, run(10), two, three, run(4));

        assertThat(stream.hear(MessageCase.ACK, 1).getAck().getThroughSequence())
                .isEqualTo(4);
        assertThat(rejected(stream)).containsExactly(3L);
        assertThat(results(monitor)).as("the first, the second and the fourth").hasSize(3);
        standsAndSoDoesTheBystander(stream);
    }

    private void refuse(RunResult... runs) {
        String ids = Arrays.stream(runs).map(run -> "'" + id(run) + "'").collect(Collectors.joining(", "));
        tables.sql("ALTER TABLE result ADD CONSTRAINT refused CHECK (run_id NOT IN (" + ids + "))")
                .update();
    }

    private RunResult run(int second) {
        return ScriptedAgent.ok(series, 1, at.plusSeconds(second));
    }

    private static SpoolRecord entry(long sequence, RunResult run) {
        return SpoolRecord.newBuilder().setSequence(sequence).setResult(run).build();
    }

    private static SpoolRecord gap(long sequence) {
        return SpoolRecord.newBuilder()
                .setSequence(sequence)
                .setGap(Gap.newBuilder().setCount(3).setFirst(seconds(1_000)).setLast(seconds(2_000)))
                .build();
    }

    private static String id(RunResult run) {
        return ResultMapping.uuid(run.getRunId(), "run").toString();
    }

    private List<String> storedRuns() {
        return system.call(() -> jdbc.sql("SELECT run_id::text FROM result WHERE series = ?")
                .param(series)
                .query(String.class)
                .list());
    }

    private static List<Long> rejected(ScriptedAgent.Stream stream) {
        return stream.all(MessageCase.REJECTED_ROW).stream()
                .map(message -> {
                    assertThat(message.getRejectedRow().getReason()).isEqualTo(RowRejection.ROW_REJECTION_MALFORMED);
                    return message.getRejectedRow().getSequence();
                })
                .toList();
    }
}
