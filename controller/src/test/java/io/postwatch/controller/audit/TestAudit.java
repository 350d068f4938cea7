package io.postwatch.controller.audit;

import io.postwatch.controller.shared.id.IdSource;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The record for tests that wire their modules by hand. */
public final class TestAudit {
    private TestAudit() {}

    public static Audit on(JdbcClient jdbc, IdSource ids, InstantSource clock) {
        return new Audit(jdbc, ids, clock);
    }
}
