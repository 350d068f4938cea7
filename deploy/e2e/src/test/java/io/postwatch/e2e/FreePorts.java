package io.postwatch.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Ports that nobody listens on, below those the kernel gives to outgoing connections, so that they stay free. */
final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int COUNT = 18_000;

    private final Random random = new Random(ProcessHandle.current().pid());
    private final Set<Integer> given = new HashSet<>();

    int next() {
        while (true) {
            int port = FIRST + random.nextInt(COUNT);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
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
