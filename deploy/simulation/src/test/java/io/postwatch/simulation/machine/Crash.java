package io.postwatch.simulation.machine;

/** The process ends in the middle of what it does. Leaves everything behind as it is at this moment. */
public final class Crash extends Error {

    private static final long serialVersionUID = 1;

    public Crash(String where) {
        super(where, null, false, false);
    }
}
