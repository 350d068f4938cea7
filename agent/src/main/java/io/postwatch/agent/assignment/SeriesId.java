package io.postwatch.agent.assignment;

/** One monitor at this agent's location for one target; the controller's opaque number. */
public record SeriesId(long value) implements Comparable<SeriesId> {

    @Override
    public int compareTo(SeriesId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
