package io.postwatch.agent.link.channel;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ProxyDetector;
import io.postwatch.agent.identity.ControllerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * Leads one connection through a proxy. The proxy resolves the controller's name: this host may have no DNS for it. Called by
 * threads of gRPC that may wait.
 */
final class ProxyRoute implements ProxyDetector {

    private static final int CONNECT_MILLIS = 3_000;

    private final ControllerProxy proxy;
    private final ControllerAddress controller;

    ProxyRoute(ControllerProxy proxy, ControllerAddress controller) {
        this.proxy = proxy;
        this.controller = controller;
    }

    @Override
    public ProxiedSocketAddress proxyFor(SocketAddress target) throws IOException {
        HttpConnectProxiedSocketAddress.Builder route = HttpConnectProxiedSocketAddress.newBuilder()
                .setTargetAddress(InetSocketAddress.createUnresolved(controller.host(), controller.port()));
        ProxyLogin login = proxy.login();
        if (login != null) {
            route.setUsername(login.user()).setPassword(password(login));
        }
        return route.setProxyAddress(address()).build();
    }

    private static String password(ProxyLogin login) throws ProxyException {
        try {
            return login.password();
        } catch (IOException unreadable) {
            throw new ProxyException(unreadable.getMessage() + ".", unreadable);
        }
    }

    /** Of several addresses the first that answers: a host without IPv4 may know a proxy that has both families. */
    private InetSocketAddress address() throws ProxyException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(proxy.host());
        } catch (UnknownHostException unknown) {
            throw new ProxyException(
                    "the name of the proxy " + proxy + " is not known to this host's DNS: is it written right?",
                    unknown);
        }
        for (int i = 0; i < addresses.length - 1; i++) {
            InetSocketAddress address = new InetSocketAddress(addresses[i], proxy.port());
            if (answers(address)) {
                return address;
            }
        }
        return new InetSocketAddress(addresses[addresses.length - 1], proxy.port());
    }

    private static boolean answers(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return true;
        } catch (IOException notThere) {
            return false;
        }
    }
}
