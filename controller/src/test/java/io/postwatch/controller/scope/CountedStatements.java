package io.postwatch.controller.scope;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which statements a piece of work sends to the database from its own thread, as Spring logs them. */
public final class CountedStatements {
    private CountedStatements() {}

    public static List<String> of(Runnable work) {
        Logger logger = (Logger) LoggerFactory.getLogger(JdbcTemplate.class);
        Level before = logger.getLevel();
        boolean additive = logger.isAdditive();
        OwnStatements seen = new OwnStatements(Thread.currentThread());
        seen.start();
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
        logger.addAppender(seen);
        try {
            work.run();
        } finally {
            logger.detachAppender(seen);
            logger.setLevel(before);
            logger.setAdditive(additive);
        }
        return List.copyOf(seen.statements);
    }

    /** Asks for the thread at once: an event names the thread that asks it first. */
    private static final class OwnStatements extends AppenderBase<ILoggingEvent> {
        private final Thread worker;
        private final List<String> statements = new ArrayList<>();

        OwnStatements(Thread worker) {
            this.worker = worker;
        }

        @Override
        protected void append(ILoggingEvent event) {
            String message = event.getFormattedMessage();
            if (Thread.currentThread().equals(worker) && message.startsWith("Executing prepared SQL statement")) {
                statements.add(message);
            }
        }
    }
}
