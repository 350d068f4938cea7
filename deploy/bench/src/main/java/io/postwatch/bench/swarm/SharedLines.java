package io.postwatch.bench.swarm;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.postwatch.agent.identity.PlatformTrust;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What all connections share: two event loops, whose threads also deliver what was heard, and one thread for everything
 * that is due at some time. Connections go to many loopback addresses, of which each has its own ports.
 */
final class SharedLines implements AutoCloseable {

    private static final int LOOPS = 2;
    private static final int ADDRESSES = 100;
    /** As the agent's. */
    private static final int FLOW_CONTROL_WINDOW = 128 * 1024;

    private final int port;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("swarm-timer").daemon(true).factory());

    SharedLines(int port) {
        this.port = port;
    }

    /** A connection as an agent makes it, of which nothing is open yet. */
    ManagedChannel open(int number, SslContext tls) {
        String address = "127.0.0." + (1 + number % ADDRESSES);
        return NettyChannelBuilder.forAddress(new InetSocketAddress(address, port))
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .sslContext(tls)
                .overrideAuthority(PlatformTrust.CONTROLLER_NAME)
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .disableRetry()
                .build();
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        Future<?> ended = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        boolean _ = ended.awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
