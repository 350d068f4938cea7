package io.postwatch.agent.assignment;

/** One entry of the desired state: the controller assigned it, whether this agent can run it or not. */
public sealed interface AssignedItem {

    SeriesId series();

    long revision();

    /** It is run. */
    record Accepted(Assignment assignment) implements AssignedItem {

        @Override
        public SeriesId series() {
            return assignment.series();
        }

        @Override
        public long revision() {
            return assignment.revision();
        }
    }

    /**
     * It is not run, and the controller is told why.
     *
     * @param message one sentence for people
     */
    record Rejected(SeriesId series, long revision, RejectionReason reason, String message) implements AssignedItem {}
}
