package io.postwatch.controller.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.peers.Following.Row;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

@DatabaseTest
class NoteRowsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final ScopedDatabase database;
    private final NoteRows rows;
    private final ControllerId me = new ControllerId(UUID.randomUUID());

    NoteRowsTest(ScopedDatabase database) {
        this.database = database;
        this.rows = new NoteRows(database.jdbc());
    }

    @Test
    void whatIsWrittenIsRead() {
        Row row =
                new Row(me.value(), 1, List.of(new PeerNote("event", "a b {},\"c\""), new PeerNote("agent-plan", "")));

        write(row, NOW);
        // The answer to the first was lost.
        write(row, NOW);

        assertThat(after(0)).containsExactly(row);
        assertThat(after(1)).isEmpty();
        assertThat(database.system().call(rows::written)).containsEntry(me.value(), 1L);
    }

    @Test
    void ofEachControllerSoManyRowsAreReadAtOnce() {
        for (long sequence = 1; sequence <= NoteRows.ROWS_AT_ONCE + 1; sequence++) {
            write(row(sequence), NOW);
        }

        assertThat(after(0)).hasSize(NoteRows.ROWS_AT_ONCE).first().isEqualTo(row(1));
        assertThat(after(NoteRows.ROWS_AT_ONCE)).containsExactly(row(NoteRows.ROWS_AT_ONCE + 1));
    }

    @Test
    void oldRowsAreForgottenButNeverTheLastOfAControllerThatIsKnown() {
        for (long sequence = 1; sequence <= 3; sequence++) {
            write(row(sequence), NOW.minus(Duration.ofHours(1)));
        }

        database.system().run(() -> rows.forget(me, NOW));

        assertThat(after(0)).containsExactly(row(3));
    }

    @Test
    void rowsOfAControllerThatIsForgottenAreForgotten() {
        write(row(1), NOW.minus(Duration.ofHours(1)));

        database.system().run(() -> rows.forget(new ControllerId(UUID.randomUUID()), NOW));

        assertThat(after(0)).isEmpty();
    }

    @Test
    void theOthersAreThoseThatHaveALease() {
        UUID living = UUID.randomUUID();
        UUID dead = UUID.randomUUID();
        lease(me.value(), 15);
        lease(living, 15);
        lease(dead, -1);

        assertThat(database.system().call(() -> rows.others(me)))
                .containsEntry(living, true)
                .containsEntry(dead, false)
                .doesNotContainKey(me.value());
    }

    @Test
    void whoActsForATenantSeesNone() {
        assertThatThrownBy(() -> database.tenants().call(database.newTenant(), rows::written))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("permission denied");
    }

    private Row row(long sequence) {
        return new Row(me.value(), sequence, List.of(new PeerNote("topic", "body " + sequence)));
    }

    private void write(Row row, Instant at) {
        database.system().run(() -> rows.write(row, at));
    }

    private List<Row> after(long sequence) {
        return database.system().call(() -> rows.after(Map.of(me.value(), sequence)));
    }

    private void lease(UUID controller, int seconds) {
        database.system()
                .run(() -> database.jdbc()
                        .sql("INSERT INTO controller_lease (controller_id, started_at, lease_until) VALUES (?,"
                                + " transaction_timestamp(), transaction_timestamp() + make_interval(secs => ?))")
                        .params(controller, (double) seconds)
                        .update());
    }
}
