package io.postwatch.agent.link.channel;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNames;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslCompletionEvent;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The connections of one channel to a proxy that is spoken to in TLS: gRPC knows proxies without, so TLS is laid around all that
 * it says, {@code CONNECT} included. Has a thread of its own, which ends soon after it is closed.
 */
final class ProxyConnections implements AutoCloseable {

    private static final int END_MILLIS = 1_000;

    private final ControllerProxy proxy;
    private final SslContext tls;
    private final EventLoopGroup thread;

    ProxyConnections(ControllerProxy proxy, ProxyTls tls) throws SSLException {
        this.proxy = proxy;
        this.tls = tls.context();
        this.thread =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("proxy", true), NioIoHandler.newFactory());
    }

    NettyChannelBuilder carry(NettyChannelBuilder builder) {
        return builder.eventLoopGroup(thread).channelFactory(this::open);
    }

    private Channel open() {
        NioSocketChannel channel = new NioSocketChannel();
        channel.pipeline()
                .addLast(new OuterTls(tls.newEngine(channel.alloc(), proxy.host(), proxy.port())), new KeptEvents());
        return channel;
    }

    /**
     * The TLS with the proxy. gRPC asks the outermost TLS that it finds whether HTTP/2 was agreed on, and means its own, whose
     * peer has shown the platform's certificate and speaks nothing else.
     */
    private static final class OuterTls extends SslHandler {

        OuterTls(SSLEngine engine) {
            super(engine);
        }

        @Override
        public String applicationProtocol() {
            return ApplicationProtocolNames.HTTP_2;
        }
    }

    /**
     * Keeps what the outer TLS tells of itself from gRPC, which takes it for the inner's, or goes round in circles over it while
     * the proxy hasn't answered. That it failed is passed on as what it is.
     */
    private static final class KeptEvents extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslCompletionEvent)) {
                context.fireUserEventTriggered(event);
            } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
                context.fireExceptionCaught(handshake.cause());
            }
        }
    }

    @Override
    public void close() {
        // Not waited for: what there was to say has been said.
        Object _ = thread.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS);
    }
}
