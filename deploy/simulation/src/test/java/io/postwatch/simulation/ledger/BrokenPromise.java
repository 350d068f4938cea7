package io.postwatch.simulation.ledger;

/** Something happened that must never happen. */
public final class BrokenPromise extends AssertionError {

    private static final long serialVersionUID = 1;

    public BrokenPromise(String what) {
        super(what);
    }
}
