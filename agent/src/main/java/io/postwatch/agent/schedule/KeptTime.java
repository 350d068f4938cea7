package io.postwatch.agent.schedule;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of the controller's time for a start without a controller. File: one line of three numbers, the first two
 * in milliseconds, the last 1 or 0; a file with the offset alone is of an older version.
 *
 * @param offset of the controller's time from the wall clock
 * @param latest no moment after it was taken for now, except since it was written
 * @param suspect whether the time is a guess that no controller has confirmed
 */
record KeptTime(Duration offset, Instant latest, boolean suspect) {

    private static final Logger LOG = LoggerFactory.getLogger(KeptTime.class);
    private static final String FILE = "clock-offset";

    /** It is written again when the offset has moved by more than this. */
    private static final Duration MOVED = Duration.ofMillis(50);

    /** It is written again when it is older than this. */
    static final Duration AGE = Duration.ofMinutes(1);

    /** Later is no time, as in what a controller takes. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Duration MOST = Duration.between(Instant.EPOCH, LAST);

    /** Nothing is known. */
    static final KeptTime NONE = new KeptTime(Duration.ZERO, Instant.MIN, true);

    KeptTime {
        if (latest.isAfter(LAST) || offset.abs().compareTo(MOST) > 0) {
            throw new IllegalArgumentException("no clock of this world shows that");
        }
    }

    static KeptTime read(PrivateFolder folder) {
        try {
            return folder.read(FILE)
                    .map(text -> parse(new String(text, StandardCharsets.US_ASCII).strip()))
                    .orElse(NONE);
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("The kept clock offset can't be read: {}", unreadable.getMessage());
            return NONE;
        }
    }

    private static KeptTime parse(String text) {
        String[] numbers = text.split(" ", -1);
        Duration offset = Duration.ofMillis(Long.parseLong(numbers[0]));
        return numbers.length == 1
                ? new KeptTime(offset, Instant.MIN, false)
                : new KeptTime(offset, Instant.ofEpochMilli(Long.parseLong(numbers[1])), numbers[2].equals("1"));
    }

    void write(PrivateFolder folder) {
        String text = offset.toMillis() + " " + latest.toEpochMilli() + (suspect ? " 1" : " 0");
        try {
            folder.replace(FILE, text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException unwritable) {
            LOG.warn("The clock offset could not be kept: {}", unwritable.getMessage());
        }
    }

    /** Whether this is to take the place of what was written before. */
    boolean isNews(KeptTime before) {
        return suspect != before.suspect
                || offset.minus(before.offset).abs().compareTo(MOVED) > 0
                || before.latest.equals(Instant.MIN)
                || Duration.between(before.latest, latest).abs().compareTo(AGE) > 0;
    }
}
