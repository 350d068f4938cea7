package io.postwatch.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every row of every table of the embedded database. */
record DatabaseDump(List<String> rows) {

    /** Reads the database of the running controller whose data folder this is. */
    static DatabaseDump of(Path controllerData) {
        try (ControllerDatabase database = ControllerDatabase.of(controllerData)) {
            return new DatabaseDump(allRows(database));
        }
    }

    private static List<String> allRows(ControllerDatabase database) {
        List<String> tables = database.strings("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
        List<String> rows = new ArrayList<>();
        for (String table : tables) {
            for (String row : database.strings("SELECT t::text FROM " + table + " t")) {
                rows.add(table + " " + row);
            }
        }
        // What the server remembers of statements that clients sent.
        rows.addAll(database.strings("SELECT coalesce(query, '') FROM pg_stat_activity"));
        return rows;
    }
}
