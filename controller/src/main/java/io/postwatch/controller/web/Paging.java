package io.postwatch.controller.web;

import io.postwatch.controller.web.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for: taken by controller methods as an argument, from {@code cursor} and {@code limit}.
 *
 * @param after the last item of the part before; null at the beginning
 * @param limit 1 to 500
 */
public record Paging(@Nullable Cursor after, int limit) {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 500;

    public Paging {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalidParameter(
                    "limit", "out-of-range", "limit is a number from 1 to " + MAX_LIMIT);
        }
    }

    /** How many rows to read: one more than is shown, to know whether there are more. */
    public int fetch() {
        return limit + 1;
    }
}
