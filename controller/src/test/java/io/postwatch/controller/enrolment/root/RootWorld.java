package io.postwatch.controller.enrolment.root;

import io.postwatch.controller.audit.TestAudit;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.secret.SecretWorld;
import io.postwatch.controller.shared.id.IdSource;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The roots of one controller on a real database. */
public final class RootWorld {
    private RootWorld() {}

    public static RootRows rows(ScopedDatabase database, KekProvider keks) {
        return new RootRows(database.jdbc(), SecretWorld.wrapping(database, keks));
    }

    public static RootRotation rotation(ScopedDatabase database, RootRows rows, InstantSource clock) {
        IdSource ids = new IdSource(clock, new SecureRandom());
        return new RootRotation(database.system(), rows, TestAudit.on(database.jdbc(), ids, clock), clock);
    }

    /** What a controller does every minute. */
    public static void goOn(RootRotation rotation) {
        rotation.goOn();
    }
}
