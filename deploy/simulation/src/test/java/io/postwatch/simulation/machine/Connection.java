package io.postwatch.simulation.machine;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * A stream between a process that dialled and one that serves: ordered both ways, cut at any moment, noticed by either end
 * at a time of its own.
 *
 * @param <U> what the dialling side says
 * @param <D> what the serving side says
 */
public final class Connection<U, D> {

    /** Who dialled. Called on its own process. */
    public interface Dialler<D> {

        void message(D message);

        /** There is room again. */
        void room();

        /** It is over: well where the other side ended it. */
        void over(boolean well, String why);
    }

    /** Who serves. Called on its own process. */
    public interface Server<U> {

        void message(U message);

        void room();

        /** The other side says nothing more. */
        void completed();

        /** The stream was torn. */
        void torn();
    }

    private final VirtualTime time;
    private final SimulatedProcess dialling;
    private final SimulatedProcess serving;
    private final Dialler<D> dialler;
    private final Server<U> server;
    private final Direction<U> up;
    private final Direction<D> down;
    private boolean diallerDone;
    private boolean serverDone;
    private boolean cut;

    public Connection(
            VirtualTime time,
            SimulatedProcess dialling,
            SimulatedProcess serving,
            Supplier<Duration> latency,
            Dialler<D> dialler,
            java.util.function.Function<Connection<U, D>, Server<U>> serverOf) {
        this.time = time;
        this.dialling = dialling;
        this.serving = serving;
        this.dialler = dialler;
        this.up = new Direction<>(time, serving, latency, this::reachServer, () -> dialling.run(this::roomForDialler));
        this.down =
                new Direction<>(time, dialling, latency, this::reachDialler, () -> serving.run(this::roomForServer));
        this.server = serverOf.apply(this);
    }

    private void reachServer(U message) {
        if (!serverDone) {
            server.message(message);
        }
    }

    private void reachDialler(D message) {
        if (!diallerDone) {
            dialler.message(message);
        }
    }

    private void roomForDialler() {
        if (!diallerDone) {
            dialler.room();
        }
    }

    private void roomForServer() {
        if (!serverDone) {
            server.room();
        }
    }

    public void sayUp(U message) {
        if (!diallerDone) {
            up.send(message);
        }
    }

    public void sayDown(D message) {
        if (!serverDone) {
            down.send(message);
        }
    }

    public boolean hasRoomUp() {
        return !diallerDone && up.hasRoom();
    }

    public boolean hasRoomDown() {
        return !serverDone && down.hasRoom();
    }

    public void askDown(int more) {
        down.ask(more);
    }

    public void askUp(int more) {
        up.ask(more);
    }

    /** Messages that either side said and the other has not taken. */
    public int underWay() {
        return Math.max(up.underWay(), down.underWay());
    }

    public boolean isOver() {
        return diallerDone && serverDone;
    }

    /** The dialling side says nothing more but still listens. */
    public void completeUp() {
        up.end(() -> {
            if (!serverDone) {
                server.completed();
            }
        });
    }

    /** The serving side ends the stream: well, or with an error. */
    public void endDown(boolean well, String why) {
        if (serverDone) {
            return;
        }
        serverDone = true;
        up.close();
        down.end(() -> overForDialler(well, why));
    }

    /** The dialling side lets go of the stream altogether. */
    public void hangUp() {
        if (diallerDone) {
            return;
        }
        diallerDone = true;
        down.close();
        up.end(this::tornForServer);
    }

    /**
     * The network between the two breaks.
     *
     * @param diallerNotices after this time
     * @param serverNotices after this time
     * @param restArrives whether what the dialling side said before still comes through
     */
    public void cut(Duration diallerNotices, Duration serverNotices, boolean restArrives) {
        if (cut) {
            return;
        }
        cut = true;
        down.lose();
        if (!restArrives) {
            up.lose();
        }
        time.after(diallerNotices, () -> dialling.run(() -> overForDialler(false, "the network was cut")));
        time.after(serverNotices, () -> serving.run(this::tornForServer));
    }

    private void overForDialler(boolean well, String why) {
        if (!diallerDone) {
            diallerDone = true;
            down.close();
            dialler.over(well, why);
        }
    }

    private void tornForServer() {
        if (!serverDone) {
            serverDone = true;
            up.close();
            server.torn();
        }
    }
}
