package io.postwatch.controller.result;

import io.postwatch.controller.shared.id.SeriesId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names a result within its tenant: series and scheduled time in microseconds, joined by a hyphen. Also the cursor of lists of results. */
record ResultId(SeriesId series, Instant scheduledAt) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,17})");

    static Optional<ResultId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long series = Long.parseLong(matcher.group(1));
        return series == 0
                ? Optional.empty()
                : Optional.of(new ResultId(new SeriesId(series), Micros.instant(Long.parseLong(matcher.group(2)))));
    }

    @Override
    public String toString() {
        return series + "-" + Micros.of(scheduledAt);
    }
}
