package io.postwatch.controller.database;

import io.postwatch.controller.home.ConfiguredSecret;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.StartupRefused;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which database is used.
 *
 * @param url {@code jdbc:postgresql://…} of a PostgreSQL 15 or newer; without it an embedded one runs in the data folder
 * @param username the owner of the tables: migrates, and makes the run-time roles
 * @param rolePrefix the run-time roles are called {@code <prefix>_app} and {@code <prefix>_system}
 * @param poolSize connections per run-time role, at most; 12 keeps two controllers far below PostgreSQL's default of 100
 * @param giveUpKey ids of key-encryption keys that are lost for good, between commas: what they wrap is given up
 * @param app a login made by hand for the app role, where the owner may not make roles
 * @param system the same for the system role
 */
@ConfigurationProperties("postwatch.database")
record DatabaseProperties(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Nullable Path passwordFile,
        @DefaultValue("postwatch") String rolePrefix,
        @DefaultValue("12") int poolSize,
        @Nullable String giveUpKey,
        @DefaultValue RoleLogin app,
        @DefaultValue RoleLogin system) {
    private static final Pattern ROLE_PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,40}");

    DatabaseProperties {
        if (!ROLE_PREFIX.matcher(rolePrefix).matches()) {
            throw new StartupRefused(
                    "The prefix of the database roles is " + rolePrefix + ".",
                    "Use small letters, digits and underscores in postwatch.database.role-prefix.");
        }
        if (poolSize < 2 || poolSize > 500) {
            throw new StartupRefused(
                    "postwatch.database.pool-size is " + poolSize + ".", "Choose a number from 2 to 500.");
        }
    }

    /** What a person has decided to give up. */
    Set<KekId> givenUp() {
        if (giveUpKey == null || giveUpKey.isBlank()) {
            return Set.of();
        }
        try {
            return Stream.of(giveUpKey.split(",", -1))
                    .map(id -> new KekId(id.strip()))
                    .collect(Collectors.toSet());
        } catch (IllegalArgumentException e) {
            throw new StartupRefused(
                    "POSTWATCH_GIVE_UP_KEY is not the id of a key-encryption key.",
                    "Leave it out; or give the 32 hexadecimal digits that the refused start named.",
                    e);
        }
    }

    /** Without the secrets, wherever it is printed. */
    @Override
    public String toString() {
        return "DatabaseProperties[username=" + username + ", rolePrefix=" + rolePrefix + ", poolSize=" + poolSize
                + ", app=" + app + ", system=" + system + "]";
    }

    /** The owner's login; empty where the embedded database is wanted. */
    Optional<DatabaseLogin> owner() {
        if (url == null || url.isEmpty()) {
            return Optional.empty();
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new StartupRefused(
                    "POSTWATCH_DATABASE_URL is not the JDBC URL of a PostgreSQL.",
                    "Write it as jdbc:postgresql://host:5432/database.");
        }
        String secret = ConfiguredSecret.read("POSTWATCH_DATABASE_PASSWORD", password, passwordFile)
                .orElse("");
        return Optional.of(new DatabaseLogin(url, username == null ? "" : username, secret));
    }

    /**
     * A run-time role's login made by hand.
     *
     * @param username empty for the role that the controller makes itself
     */
    record RoleLogin(
            @Nullable String username,
            @Nullable String password,
            @Nullable Path passwordFile) {
        /** Without the password, wherever it is printed. */
        @Override
        public String toString() {
            return "RoleLogin[username=" + username + "]";
        }

        Optional<DatabaseLogin> at(String url) {
            if (username == null || username.isEmpty()) {
                return Optional.empty();
            }
            String secret = ConfiguredSecret.read("the password of " + username, password, passwordFile)
                    .orElse("");
            return Optional.of(new DatabaseLogin(url, username, secret));
        }
    }
}
