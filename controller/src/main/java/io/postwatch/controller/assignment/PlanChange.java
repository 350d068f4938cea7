package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.id.SeriesId;
import java.util.List;

/** What an agent has to be told so that it runs {@code state}. */
public record PlanChange(DesiredState state, List<AssignmentOrder> assigned, List<SeriesId> withdrawn) {
    public PlanChange {
        assigned = List.copyOf(assigned);
        withdrawn = List.copyOf(withdrawn);
    }
}
