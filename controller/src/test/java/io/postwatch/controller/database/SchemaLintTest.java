package io.postwatch.controller.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The storage rules, held by every table of every migration. See docs/architecture.md. */
class SchemaLintTest {
    /** Looked up before the tenant is known, or of no tenant at all: without tenant and row-level security, each for its reason. */
    private static final Set<String> DIRECTORIES = Set.of(
            // One row for the installation.
            "platform",
            // Found by their hash.
            "setup_token",
            "user_session",
            // People may be members of several tenants.
            "user_account",
            "user_tenant",
            // Found by an agent's id or a token's hash, before the tenant is known.
            "agent_directory",
            "former_agent_key",
            "enrolment_token_directory",
            // One row for the installation: the platform's own authority.
            "certificate_authority",
            "former_root",
            // Of the controllers, not of a tenant; notes name tenants, and only the system reads them.
            "controller_note",
            "controller_lease");

    /** Whose rows of the platform tenant every tenant may read. */
    private static final Set<String> PUBLIC_READING = Set.of("location", "agent");

    private static final String TENANT_POLICY =
            "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)";
    private static final String PLATFORM_POLICY = "(tenant_id = '00000000-0000-7000-8000-000000000000'::uuid)";

    private static JdbcClient jdbc;

    @BeforeAll
    static void migrate() {
        DatabaseLogin login = TestDatabase.create().superuser();
        jdbc = JdbcClient.create(new DriverManagerDataSource(login.url(), login.username(), login.password()));
    }

    @Test
    void everyTenantTableForcesRowLevelSecurity() {
        List<String> unprotected = names("""
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'postwatch' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                """);

        assertThat(withoutDirectories(unprotected)).isEmpty();
        assertThat(unprotected)
                .as("found by its hash, and of one tenant all the same")
                .doesNotContain("former_agent_key");
        assertThat(names("SELECT tablename FROM pg_tables WHERE schemaname = 'postwatch'"))
                .contains("tenant", "member", "secret", "component");
    }

    @Test
    void everyTenantTableHasTheExactPolicies() {
        List<String> tables = names("""
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'postwatch' AND c.relrowsecurity
                """);

        assertThat(tables).isNotEmpty().allSatisfy(table -> {
            List<Policy> policies = policies(table);
            assertThat(policies)
                    .contains(new Policy("tenant", "{public}", "ALL", TENANT_POLICY, null))
                    .allMatch(policy -> allowed(table, policy));
        });
    }

    private static boolean allowed(String table, Policy policy) {
        return policy.equals(new Policy("tenant", "{public}", "ALL", TENANT_POLICY, null))
                || policy.equals(new Policy("system", "{postwatch_system}", "ALL", "true", "true"))
                || (PUBLIC_READING.contains(table)
                        && policy.equals(new Policy("platform", "{postwatch_app}", "SELECT", PLATFORM_POLICY, null)));
    }

    @Test
    void everyKeyOfATenantTableBeginsWithTheTenant() {
        List<String> keys = names("""
                SELECT c.relname || '.' || i.relname
                FROM pg_index x
                JOIN pg_class c ON c.oid = x.indrelid
                JOIN pg_class i ON i.oid = x.indexrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
                WHERE n.nspname = 'postwatch' AND x.indisunique AND a.attname IS DISTINCT FROM 'tenant_id'
                """);

        assertThat(withoutDirectories(keys)).isEmpty();
    }

    @Test
    void everyForeignKeyStaysInsideATenant() {
        List<String> keys = names("""
                SELECT c.relname || '.' || k.conname
                FROM pg_constraint k
                JOIN pg_class c ON c.oid = k.conrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1]
                WHERE n.nspname = 'postwatch' AND k.contype = 'f'
                  AND (a.attname <> 'tenant_id' OR f.attname <> 'tenant_id')
                """);

        assertThat(withoutDirectories(keys)).isEmpty();
    }

    @Test
    void resultsAndLocationsAreReferredToWithoutForeignKeys() {
        assertThat(names("""
                        SELECT conname FROM pg_constraint
                        WHERE contype = 'f'
                          AND (conrelid::regclass::text LIKE '%result%' OR confrelid::regclass::text LIKE '%location')
                          AND conrelid::regclass::text NOT LIKE '%location%'
                        """)).isEmpty();
    }

    @Test
    void nothingRunsOrWaitsBehindTheBack() {
        assertThat(names("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
                .isEmpty();
        assertThat(names("""
                        SELECT k.conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
                        WHERE n.nspname = 'postwatch' AND (k.contype = 'x' OR k.condeferrable)
                        """)).isEmpty();
        assertThat(names("""
                        SELECT r.rulename FROM pg_rules r WHERE r.schemaname = 'postwatch'
                        """)).isEmpty();
    }

    @Test
    void timeIdsAndRandomnessComeFromJava() {
        assertThat(names("""
                        SELECT c.relname || '.' || a.attname
                        FROM pg_attrdef d
                        JOIN pg_class c ON c.oid = d.adrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                        WHERE n.nspname = 'postwatch' AND a.attgenerated = ''
                          AND pg_get_expr(d.adbin, d.adrelid) ~ '\\(|CURRENT'
                          AND c.relname <> 'flyway_schema_history'
                        """)).isEmpty();
        assertThat(names("""
                        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'postwatch' AND c.relkind = 'S'
                        """)).isEmpty();
    }

    @Test
    void theRunTimeRolesGetRowsAndNothingElse() {
        assertThat(names("""
                        SELECT grantee || ' ' || privilege_type || ' ' || table_name
                        FROM information_schema.role_table_grants
                        WHERE table_schema = 'postwatch' AND grantee <> 'test_owner'
                          AND (grantee NOT IN ('postwatch_app', 'postwatch_system')
                               OR privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
                        """)).isEmpty();
    }

    @Test
    void theTenantsPartReadsNoFormerKeys() {
        assertThat(names("""
                        SELECT c FROM unnest(ARRAY['identity_key_hash', 'identity_key', 'replaced_at', 'told_at']) AS c
                        WHERE has_column_privilege('postwatch_app', 'postwatch.former_agent_key', c, 'SELECT')
                        """)).isEmpty();
    }

    @Test
    void aTableWithoutASystemPolicyIsNotGrantedToTheSystem() {
        List<String> tables = names("""
                SELECT DISTINCT g.table_name FROM information_schema.role_table_grants g
                WHERE g.table_schema = 'postwatch' AND g.grantee = 'postwatch_system'
                  AND NOT EXISTS (SELECT 1 FROM pg_policies p
                                  WHERE p.schemaname = 'postwatch' AND p.tablename = g.table_name AND p.policyname = 'system')
                """);

        assertThat(withoutDirectories(tables)).isEmpty();
    }

    @Test
    void partitionsAreReachedThroughTheirTableOnly() {
        assertThat(names("""
                        SELECT g.table_name FROM information_schema.role_table_grants g
                        JOIN pg_class c ON c.relname = g.table_name AND c.relispartition
                        WHERE g.table_schema = 'postwatch' AND g.grantee <> 'test_owner'
                        """)).isEmpty();
    }

    @Test
    void whatRunsWithTheOwnersRightsIsForTheSystemOnly() {
        assertThat(names("""
                        SELECT p.proname || ' ' || coalesce(array_to_string(p.proacl, ','), 'everybody')
                        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                        WHERE n.nspname = 'postwatch' AND p.prosecdef
                          AND (p.proacl IS NULL
                               OR has_function_privilege('postwatch_app', p.oid, 'EXECUTE')
                               OR NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%'))
                        """)).isEmpty();
    }

    private static List<String> withoutDirectories(List<String> names) {
        return names.stream()
                .filter(name -> !DIRECTORIES.contains(name.replaceFirst("\\..*", "")))
                .filter(name -> !name.startsWith("flyway_schema_history"))
                .toList();
    }

    private static List<String> names(String query) {
        return jdbc.sql(query).query((row, number) -> row.getString(1)).list();
    }

    private static List<Policy> policies(String table) {
        return jdbc.sql("""
                        SELECT policyname, roles::text, cmd, qual, with_check FROM pg_policies
                        WHERE schemaname = 'postwatch' AND tablename = ?
                        """)
                .param(table)
                .query((row, number) -> new Policy(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)))
                .list();
    }

    private record Policy(
            String name,
            String roles,
            String command,
            @org.jspecify.annotations.Nullable String using,
            @org.jspecify.annotations.Nullable String check) {}
}
