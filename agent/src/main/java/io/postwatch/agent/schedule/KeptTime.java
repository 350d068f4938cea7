package io.postwatch.agent.schedule;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of the controller's time for a start without a controller. File: one line, {@code v2}, four numbers in
 * milliseconds, 1 or 0, and the CRC-32 of all before it in hexadecimal. Older versions wrote the offset alone, or offset,
 * latest moment and suspicion; these are read. What can't be, or is no time of this world, is as good as no file.
 *
 * @param offset of the controller's time from the wall clock, as it was measured last
 * @param used the offset of the time that was taken for now, which may be a guess
 * @param known the latest moment that was taken for now by what a controller said
 * @param latest no moment after it was taken for now, except since it was written
 * @param suspect whether the time is a guess that no controller has confirmed
 */
record KeptTime(Duration offset, Duration used, Instant known, Instant latest, boolean suspect) {

    private static final Logger LOG = LoggerFactory.getLogger(KeptTime.class);
    private static final String FILE = "clock-offset";
    private static final String VERSION = "v2";
    private static final int FIELDS = 7;
    private static final int OLDER_FIELDS = 3;

    /** It is written again when an offset has moved by more than this. */
    private static final Duration MOVED = Duration.ofMillis(50);

    /** It is written again when it is older than this. */
    static final Duration AGE = Duration.ofMinutes(1);

    /** Neither a clock nor a controller shows a later moment; with the greatest offset on top every grid still counts it. */
    static final Instant LAST = Instant.parse("2160-01-01T00:00:00Z");

    private static final Duration MOST = Duration.ofDays(36_500);

    /** Nothing is known. */
    static final KeptTime NONE = new KeptTime(Duration.ZERO, Duration.ZERO, Instant.MIN, Instant.MIN, true);

    KeptTime {
        if (!isOffset(offset) || !isOffset(used) || !isMoment(known) || !isMoment(latest)) {
            throw new IllegalArgumentException("no clock of this world shows that");
        }
    }

    /** Whether two clocks of this world may differ by so much. */
    static boolean isOffset(Duration offset) {
        return offset.abs().compareTo(MOST) <= 0;
    }

    /** Whether a controller may say that this is the time. */
    static boolean isTime(Instant time) {
        return !time.isBefore(Instant.EPOCH) && !time.isAfter(LAST);
    }

    private static boolean isMoment(Instant moment) {
        return moment.equals(Instant.MIN)
                || (!moment.isBefore(Instant.EPOCH.minus(MOST)) && !moment.isAfter(LAST.plus(MOST)));
    }

    /** Whether the latest moment was one of a guess. */
    boolean isGuess() {
        return suspect && !latest.equals(Instant.MIN);
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
        String[] fields = text.split(" ", -1);
        if (fields.length == FIELDS && fields[0].equals(VERSION)) {
            String sealed = text.substring(0, text.lastIndexOf(' '));
            if (!fields[FIELDS - 1].equals(checksum(sealed))) {
                throw new IllegalArgumentException("it is damaged");
            }
            return new KeptTime(
                    duration(fields[1]),
                    duration(fields[2]),
                    moment(fields[3]),
                    moment(fields[4]),
                    isSuspect(fields[5]));
        }
        Duration offset = duration(fields[0]);
        if (fields.length == 1) {
            return new KeptTime(offset, offset, Instant.MIN, Instant.MIN, false);
        }
        if (fields.length != OLDER_FIELDS) {
            throw new IllegalArgumentException("it has " + fields.length + " fields");
        }
        Instant latest = moment(fields[1]);
        boolean suspect = isSuspect(fields[2]);
        return new KeptTime(offset, offset, suspect ? Instant.MIN : latest, latest, suspect);
    }

    private static Duration duration(String millis) {
        return Duration.ofMillis(Long.parseLong(millis));
    }

    private static Instant moment(String millis) {
        long number = Long.parseLong(millis);
        return number == Long.MIN_VALUE ? Instant.MIN : Instant.ofEpochMilli(number);
    }

    private static boolean isSuspect(String digit) {
        return switch (digit) {
            case "1" -> true;
            case "0" -> false;
            default -> throw new IllegalArgumentException("neither yes nor no");
        };
    }

    private static long millis(Instant moment) {
        return moment.equals(Instant.MIN) ? Long.MIN_VALUE : moment.toEpochMilli();
    }

    private static String checksum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(sum.getValue());
    }

    void write(PrivateFolder folder) {
        String text = VERSION + " " + offset.toMillis() + " " + used.toMillis() + " " + millis(known) + " "
                + millis(latest) + (suspect ? " 1" : " 0");
        try {
            folder.replace(FILE, (text + " " + checksum(text)).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException unwritable) {
            LOG.warn("The clock offset could not be kept: {}", unwritable.getMessage());
        }
    }

    /** Whether this is to take the place of what was written before. */
    boolean isNews(KeptTime before) {
        return suspect != before.suspect
                || hasMoved(offset, before.offset)
                || hasMoved(used, before.used)
                || before.latest.equals(Instant.MIN)
                || Duration.between(before.latest, latest).abs().compareTo(AGE) > 0;
    }

    private static boolean hasMoved(Duration now, Duration before) {
        return now.minus(before).abs().compareTo(MOVED) > 0;
    }
}
