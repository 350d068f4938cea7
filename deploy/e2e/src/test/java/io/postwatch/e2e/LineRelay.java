package io.postwatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network between one agent and the controllers, on loopback: each connection leads to the next controller that
 * listens. It can be cut, which both sides notice at once, and go dead, which they don't: what is sent is kept, and nobody
 * hears of it until the line is whole again.
 */
final class LineRelay implements AutoCloseable {
    private static final int BUFFER = 16_384;
    private static final int CONNECT_MILLIS = 1_000;

    private final List<Integer> controllers;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Both guarded by the lock. */
    private State state = State.WHOLE;

    private int next;

    private enum State {
        WHOLE,
        DEAD,
        CUT
    }

    private LineRelay(List<Integer> controllers) throws IOException {
        this.controllers = List.copyOf(controllers);
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** To the controllers on these ports of this machine, on a port of 127.0.0.1. */
    static LineRelay to(List<Integer> controllers) {
        try {
            LineRelay relay = new LineRelay(controllers);
            Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Ends all connections, and those that come. */
    void cut() {
        become(State.CUT);
        open.forEach(LineRelay::closeQuietly);
    }

    /** Carries nothing any more. */
    void goDead() {
        become(State.DEAD);
    }

    void restore() {
        become(State.WHOLE);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void become(State now) {
        lock.lock();
        try {
            state = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when bytes may pass; false where the line is cut. */
    private boolean awaitWhole() {
        lock.lock();
        try {
            while (state == State.DEAD) {
                changed.awaitUninterruptibly();
            }
            return state == State.WHOLE;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket agent = listening.accept();
                open.add(agent);
                Thread.ofVirtual().start(() -> carry(agent));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void carry(Socket agent) {
        try (agent) {
            if (!awaitWhole()) {
                return;
            }
            try (Socket controller = connected()) {
                agent.setTcpNoDelay(true);
                controller.setTcpNoDelay(true);
                open.add(controller);
                Thread back = Thread.ofVirtual().start(() -> handOn(controller, agent));
                handOn(agent, controller);
                back.join();
                open.remove(controller);
            }
        } catch (IOException nobodyThere) {
            // The agent sees its connection end, as with a balancer that has no controller behind it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(agent);
        }
    }

    private Socket connected() throws IOException {
        IOException last = new IOException("no controller");
        for (int i = 0; i < controllers.size(); i++) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), turn()), CONNECT_MILLIS);
                return socket;
            } catch (IOException refused) {
                socket.close();
                last = refused;
            }
        }
        throw last;
    }

    private int turn() {
        lock.lock();
        try {
            next++;
            return controllers.get(next % controllers.size());
        } finally {
            lock.unlock();
        }
    }

    private void handOn(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0 && awaitWhole(); count = in.read(buffer)) {
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException gone) {
            // One of them hung up, or the line was cut.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
