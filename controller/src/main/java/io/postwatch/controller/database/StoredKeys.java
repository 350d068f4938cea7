package io.postwatch.controller.database;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.StartupRefused;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this controller has the key-encryption keys that the database needs; and the one deliberate way on without them,
 * by which what they wrap is given up. At a start only.
 */
final class StoredKeys {
    private static final Logger LOG = LoggerFactory.getLogger(StoredKeys.class);
    private static final String PLATFORM = DatabaseAccess.SCHEMA + ".platform";
    private static final String DATA_KEY = DatabaseAccess.SCHEMA + ".data_key";
    private static final String AUTHORITY = DatabaseAccess.SCHEMA + ".certificate_authority";
    private static final String AUDIT = DatabaseAccess.SCHEMA + ".audit_entry";
    private static final String LEASE = DatabaseAccess.SCHEMA + ".controller_lease";

    private final KekProvider keks;
    private final Set<KekId> givenUp;

    /**
     * Takes the keys and the decision of a person.
     *
     * @param givenUp keys that are lost for good, by the configuration
     */
    StoredKeys(KekProvider keks, Set<KekId> givenUp) {
        this.keks = keks;
        this.givenUp = Set.copyOf(givenUp);
    }

    /** Before the roles' passwords are touched: a wrong key would lock out every other controller. */
    void check(Connection owner) throws SQLException {
        Optional<KekId> current = current(owner);
        if (current.isEmpty()) {
            return;
        }
        KekId needed = current.get();
        if (keks.kept().contains(needed)) {
            keks.adopt(needed);
        } else if (!givenUp.contains(needed)) {
            throw refused(Set.of(needed));
        } else {
            requireNobodyElse(owner, needed);
        }
    }

    /** A key that is to be given up may be another controller's, which would go on with what it wraps. */
    private static void requireNobodyElse(Connection owner, KekId lost) throws SQLException {
        if (anotherLives(owner)) {
            throw new StartupRefused(
                    "Another controller runs on this database: it has the key-encryption key " + lost
                            + " that is to be given up.",
                    "Copy its key file to here. If you have stopped it just now, try again in half a minute.");
        }
    }

    /** Once the tables are there: the first start says which key is used. Another first start may have been faster. */
    void remember(Connection owner) throws SQLException {
        try (PreparedStatement insert = owner.prepareStatement("INSERT INTO " + PLATFORM
                + " (platform_id, key_check) VALUES (1, ?) ON CONFLICT (platform_id) DO NOTHING")) {
            insert.setBytes(1, keks.kept().getFirst().bytes());
            insert.executeUpdate();
        }
        check(owner);
    }

    /**
     * Gives up what the lost keys wrap, as far as a person has decided so: those data keys are never asked for again, and an
     * authority whose key is lost makes room for a new one. May be repeated after it was broken off.
     */
    void giveUp(Connection owner, DatabaseLogin system) throws SQLException {
        Optional<KekId> current = current(owner);
        Set<KekId> lost = new LinkedHashSet<>(givenUp);
        lost.removeAll(Set.copyOf(keks.kept()));
        if (lost.isEmpty() || current.isEmpty()) {
            return;
        }
        lost.retainAll(needed(system));
        for (KekId key : lost) {
            requireNobodyElse(owner, key);
            boolean inUse = key.equals(current.get());
            if (inUse) {
                fill(system, key);
            }
            owner.setAutoCommit(false);
            int authorities = update(owner, "DELETE FROM " + AUTHORITY + " WHERE kek_id = ?", key);
            update(
                    owner,
                    "UPDATE " + PLATFORM + " SET given_up_keks = array_append(given_up_keks, ?) WHERE NOT ?"
                            + " = ANY (given_up_keks)",
                    key,
                    key);
            if (inUse) {
                update(
                        owner,
                        "UPDATE " + PLATFORM + " SET key_check = ?",
                        keks.kept().getFirst());
            }
            putOnRecord(owner, key, authorities > 0);
            owner.commit();
            owner.setAutoCommit(true);
            LOG.warn(
                    "The key-encryption key {} is given up: passwords stored with it have to be entered again{}",
                    key,
                    authorities == 0
                            ? ""
                            : ", and every agent has to be enrolled again under a new certificate authority");
        }
    }

    /** By hand: what writes the record otherwise begins to work when the database is prepared. */
    private static void putOnRecord(Connection owner, KekId key, boolean authority) throws SQLException {
        try (PreparedStatement scope = owner.prepareStatement("SELECT set_config('app.tenant_id', ?, true)")) {
            scope.setString(1, TenantId.PLATFORM.value().toString());
            scope.execute();
        }
        Instant now = now(owner);
        try (PreparedStatement insert = owner.prepareStatement("INSERT INTO " + AUDIT + """
                 (tenant_id, entry_id, at, actor_kind, actor_name, act, subject_kind, subject_name, detail_names,
                    detail_values)
                VALUES (?, ?, ?, 'controller', 'configuration', 'kek.given-up', 'kek', ?, ?::text[], ?::text[])
                """)) {
            insert.setObject(1, TenantId.PLATFORM.value());
            insert.setObject(2, IdSource.secure(() -> now).next());
            insert.setTimestamp(3, Timestamp.from(now));
            insert.setString(4, key.hex());
            insert.setString(5, authority ? "{authority}" : "{}");
            insert.setString(6, authority ? "{lost}" : "{}");
            insert.executeUpdate();
        }
    }

    private static Instant now(Connection owner) throws SQLException {
        try (Statement select = owner.createStatement();
                ResultSet rows = select.executeQuery("SELECT transaction_timestamp()")) {
            rows.next();
            return rows.getTimestamp(1).toInstant();
        }
    }

    /** What is wrapped must be readable: a controller without a former key that is still needed would read half of it. */
    void checkWrapped(DatabaseLogin system) throws SQLException {
        Set<KekId> missing = new HashSet<>(needed(system));
        missing.removeAll(Set.copyOf(keks.kept()));
        if (!missing.isEmpty()) {
            throw refused(missing);
        }
    }

    private StartupRefused refused(Set<KekId> missing) {
        String names = missing.stream().map(KekId::hex).sorted().collect(Collectors.joining(", "));
        return new StartupRefused(
                "This database needs another key-encryption key than this controller has: " + names + " is missing, "
                        + keks.kept().stream().map(KekId::hex).collect(Collectors.joining(", "))
                        + " is here. Stored passwords could not be read.",
                "Give this controller the key file of the controllers that already use the database (POSTWATCH_KEY_FILE),"
                        + " or the one from the backup of the key. Only if the key is lost for good:"
                        + " docs/operations/keys.md says what POSTWATCH_GIVE_UP_KEY=" + names + " costs.");
    }

    private static Optional<KekId> current(Connection owner) throws SQLException {
        if (!exists(owner, PLATFORM)) {
            return Optional.empty();
        }
        try (Statement select = owner.createStatement();
                ResultSet rows = select.executeQuery("SELECT key_check FROM " + PLATFORM)) {
            return rows.next() ? Optional.of(KekId.of(rows.getBytes(1))) : Optional.empty();
        }
    }

    private static boolean anotherLives(Connection owner) throws SQLException {
        if (!exists(owner, LEASE)) {
            return false;
        }
        try (Statement select = owner.createStatement();
                ResultSet rows = select.executeQuery(
                        "SELECT EXISTS (SELECT 1 FROM " + LEASE + " WHERE lease_until > transaction_timestamp())")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static boolean exists(Connection owner, String table) throws SQLException {
        try (PreparedStatement exists = owner.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            exists.setString(1, table);
            try (ResultSet rows = exists.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Which keys wrap something, or are used for what comes, apart from those that were given up. */
    private static Set<KekId> needed(DatabaseLogin system) throws SQLException {
        Set<KekId> needed = new HashSet<>();
        try (Connection connection = system.connect(new Properties());
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("""
                        SELECT DISTINCT w.kek_id FROM %1$s p CROSS JOIN LATERAL (
                            SELECT coalesce(kek_id, p.key_check) AS kek_id FROM %2$s
                            UNION ALL SELECT coalesce(kek_id, p.key_check) FROM %3$s
                            UNION ALL SELECT p.key_check) w
                        WHERE NOT w.kek_id = ANY (p.given_up_keks)
                        """.formatted(PLATFORM, DATA_KEY, AUTHORITY))) {
            while (rows.next()) {
                needed.add(KekId.of(rows.getBytes(1)));
            }
        }
        return needed;
    }

    /** As the system: row-level security would hide the rows of tenants from the owner. */
    private static void fill(DatabaseLogin system, KekId key) throws SQLException {
        try (Connection connection = system.connect(new Properties())) {
            for (String table : List.of(DATA_KEY, AUTHORITY)) {
                update(connection, "UPDATE " + table + " SET kek_id = ? WHERE kek_id IS NULL", key);
            }
        }
    }

    private static int update(Connection connection, String sql, KekId... keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < keys.length; i++) {
                statement.setBytes(i + 1, keys[i].bytes());
            }
            return statement.executeUpdate();
        }
    }
}
