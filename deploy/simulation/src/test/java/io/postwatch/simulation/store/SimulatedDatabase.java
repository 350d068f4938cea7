package io.postwatch.simulation.store;

import io.postwatch.simulation.machine.Chance;
import java.util.function.Function;

/** Transactions one after the other. */
public final class SimulatedDatabase {

    private final Chance chance;
    private Rows rows = new Rows();
    private boolean up = true;
    private int failsOnceIn;
    private long series;

    public SimulatedDatabase(Chance chance) {
        this.chance = chance;
    }

    /** Runs the transaction as a whole or not at all; where it throws itself, it must not have changed anything. */
    public <T> T call(Function<Rows, T> transaction) {
        if (!up) {
            throw new DatabaseAway("the database is down");
        }
        boolean fails = failsOnceIn > 0 && chance.onceIn(failsOnceIn);
        if (fails && chance.onceIn(2)) {
            throw new DatabaseAway("the transaction was rolled back");
        }
        T answer = transaction.apply(rows);
        if (fails) {
            throw new DatabaseAway("the connection broke while the transaction was committed");
        }
        return answer;
    }

    public boolean isUp() {
        return up;
    }

    /** As the rows are, for those who look from outside. */
    public Rows look() {
        return rows;
    }

    public void fails(boolean down, int onceIn) {
        up = !down;
        failsOnceIn = onceIn;
    }

    public Rows backup() {
        return rows.copy();
    }

    public void restore(Rows backup) {
        rows = backup.copy();
    }

    /** Never the same twice, not even after a restore. */
    public long nextSeries() {
        return ++series;
    }
}
