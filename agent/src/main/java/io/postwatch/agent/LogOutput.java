package io.postwatch.agent;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The log: one line per record on standard error, with the time in UTC. */
public final class LogOutput {

    private LogOutput() {}

    /** The platform's own manager forgets its handlers when the process is told to end, before the good-bye is said. */
    public static final class LastingLogs extends LogManager {

        @Override
        public void reset() {}
    }

    /** Must come before anything logs. */
    static void begin() {
        System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setFormatter(new OneLine());
        console.setLevel(Level.INFO);
        root.addHandler(console);
        root.setLevel(Level.INFO);
        Logger.getLogger("io.grpc").setLevel(Level.WARNING);
    }

    /** Time, level, where from, message; an exception follows on the same line with the places in our own code. */
    static final class OneLine extends Formatter {

        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        private static final int PLACES = 5;

        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder();
            line.append(TIME.format(Instant.ofEpochMilli(record.getMillis())))
                    .append(' ')
                    .append(level(record.getLevel()))
                    .append(' ')
                    .append(shortName(record.getLoggerName()))
                    .append(": ")
                    .append(formatMessage(record));
            for (Throwable thrown = record.getThrown(); thrown != null; thrown = thrown.getCause()) {
                line.append(" | ").append(thrown);
                Arrays.stream(thrown.getStackTrace())
                        .filter(place -> place.getClassName().startsWith("io.postwatch"))
                        .limit(PLACES)
                        .forEach(place -> line.append(" at ").append(place));
            }
            return line.toString().replace('\n', ' ').replace('\r', ' ') + System.lineSeparator();
        }

        private static String level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            return level.intValue() >= Level.WARNING.intValue() ? "WARN " : "INFO ";
        }

        private static String shortName(@Nullable String logger) {
            return logger == null ? "agent" : logger.substring(logger.lastIndexOf('.') + 1);
        }
    }
}
