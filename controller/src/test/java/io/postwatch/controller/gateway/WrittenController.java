package io.postwatch.controller.gateway;

import io.postwatch.controller.scope.SystemTransactions;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Another controller of which there is nothing but what it writes into the database: its lease and its notes. */
final class WrittenController {
    private final UUID id = UUID.randomUUID();
    private final SystemTransactions system;
    private final JdbcClient jdbc;

    WrittenController(SystemTransactions system, JdbcClient jdbc) {
        this.system = system;
        this.jdbc = jdbc;
    }

    /** Its lease and its first note, in one transaction. */
    void beginAndTell(String topic, String body) {
        system.run(() -> {
            jdbc.sql("INSERT INTO controller_lease (controller_id, started_at, lease_until) VALUES (?,"
                            + " transaction_timestamp(), transaction_timestamp() + interval '1 minute')")
                    .param(id)
                    .update();
            note(1, topic, body);
        });
    }

    void tell(long sequence, String topic, String body) {
        system.run(() -> note(sequence, topic, body));
    }

    /** Its lease is over. */
    void end() {
        system.run(() -> jdbc.sql(
                        "UPDATE controller_lease SET lease_until = transaction_timestamp() WHERE controller_id = ?")
                .param(id)
                .update());
    }

    private void note(long sequence, String topic, String body) {
        jdbc.sql("INSERT INTO controller_note (controller_id, sequence, written_at, topics, bodies)"
                        + " VALUES (?, ?, transaction_timestamp(), ?, ?)")
                .params(id, sequence, new String[] {topic}, new String[] {body})
                .update();
    }
}
