package io.postwatch.testserver.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Accepts connections that carry what is sent, TLS or not, in the packets of the script. */
public final class WireListener extends ServerSocket {

    private final Packets packets;
    private final long bytesUntilCut;

    public WireListener(Packets packets, long bytesUntilCut) throws IOException {
        this.packets = packets;
        this.bytesUntilCut = bytesUntilCut;
    }

    @Override
    public Socket accept() throws IOException {
        WireSocket socket = new WireSocket();
        implAccept(socket);
        return socket;
    }

    private final class WireSocket extends Socket {

        private @Nullable OutputStream out;

        @Override
        public synchronized OutputStream getOutputStream() throws IOException {
            if (out == null) {
                out = new PacketStream(super.getOutputStream(), packets, bytesUntilCut);
            }
            return out;
        }
    }
}
