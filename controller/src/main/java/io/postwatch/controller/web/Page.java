package io.postwatch.controller.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param nextCursor what to ask for the part after; absent at the end
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * Makes a page of rows that were read with {@link Paging#fetch}, one more than is shown.
     *
     * @param position where a row stands in the list's order
     */
    public static <R, T> Page<T> of(List<R> rows, Paging paging, Function<R, Cursor> position, Function<R, T> view) {
        List<R> shown = rows.size() > paging.limit() ? rows.subList(0, paging.limit()) : rows;
        String next =
                rows.size() > paging.limit() ? position.apply(shown.getLast()).encode() : null;
        return new Page<>(shown.stream().map(view).toList(), next);
    }
}
