package io.postwatch.controller.status;

import io.postwatch.controller.monitor.MonitorOrder;
import io.postwatch.controller.web.problem.ProblemException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The orders of the list of monitors in the words of the API; by status: the worst first, equals by name. */
enum MonitorSort {
    NAME("name", MonitorOrder.NAME),
    NAME_DESCENDING("-name", MonitorOrder.NAME_DESCENDING),
    STATUS("status", MonitorOrder.NAME),
    HOST("host", MonitorOrder.HOST),
    CREATED("createdAt", MonitorOrder.AGE),
    CREATED_DESCENDING("-createdAt", MonitorOrder.AGE_DESCENDING);

    private final String word;
    private final MonitorOrder order;

    MonitorSort(String word, MonitorOrder order) {
        this.word = word;
        this.order = order;
    }

    /** In which order the rows are read. */
    MonitorOrder order() {
        return order;
    }

    static MonitorSort parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NAME;
        }
        for (MonitorSort sort : values()) {
            if (sort.word.equals(text)) {
                return sort;
            }
        }
        String words = Arrays.stream(values()).map(sort -> sort.word).collect(Collectors.joining(", "));
        throw ProblemException.invalidParameter("sort", "unknown-value", "sort is one of " + words);
    }
}
