package io.postwatch.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Assumptions;

/** What this machine's loopback has. */
final class Loopback {

    private Loopback() {}

    static void assumeIpV6() {
        Assumptions.assumeTrue(hasIpV6(), "this machine has no ::1");
    }

    private static boolean hasIpV6() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException none) {
            return false;
        }
    }
}
