package io.postwatch.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Ports that nobody listens on, below those the kernel gives to outgoing connections, so that they stay free. Each is given
 * once, and each of the processes that run these tests at the same time gives from a range of its own: a port stays with a
 * test also while what listened there is dead.
 */
final class FreePorts {
    private static final int FIRST = 12_000;

    /** Above are those that the quick start takes. */
    private static final int END = 30_000;

    private static final int FORKS = 6;
    private static final int COUNT = (END - FIRST) / FORKS;

    private static final String FORK = System.getProperty("postwatch.fork", "fork-1");

    private static final int START = FIRST + (Integer.parseInt(FORK.substring("fork-".length())) - 1) % FORKS * COUNT;

    /** From another one in each process: what the one before left may still be in use. */
    private static final int OFFSET = (int) (ProcessHandle.current().pid() % COUNT);

    private static int given;

    private FreePorts() {}

    static synchronized int next() {
        while (given < COUNT) {
            int port = START + (OFFSET + given++) % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is left from " + START + " on");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress((InetAddress) null, port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }
}
