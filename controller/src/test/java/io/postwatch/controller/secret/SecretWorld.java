package io.postwatch.controller.secret;

import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.TestAudit;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.IdSource;
import java.time.InstantSource;

/** What keeps secrets, for one controller on a real database. */
public final class SecretWorld {
    private static final InstantSource CLOCK = InstantSource.system();

    private SecretWorld() {}

    public static KeyWrapping wrapping(ScopedDatabase database, KekProvider keks) {
        return new KeyWrapping(database.jdbc(), keks);
    }

    static Audit audit(ScopedDatabase database) {
        return TestAudit.on(database.jdbc(), IdSource.secure(CLOCK), CLOCK);
    }

    static DataKeys keys(ScopedDatabase database, KekProvider keks) {
        return new DataKeys(database.jdbc(), wrapping(database, keks), IdSource.secure(CLOCK), CLOCK);
    }

    public static Secrets secrets(ScopedDatabase database, KekProvider keks) {
        return new Secrets(database.jdbc(), keys(database, keks), IdSource.secure(CLOCK), CLOCK);
    }
}
