package io.postwatch.simulation.store;

/** The database did not answer. Whether it did what it was asked for is not known. */
public final class DatabaseAway extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DatabaseAway(String message) {
        super(message, null, false, false);
    }
}
