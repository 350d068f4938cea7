package io.postwatch.agent.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class PromptSocketTest {

    @Test
    void theWishIsRepeatedBeforeEachReadThatFollowsAWrite() throws IOException {
        LoggedSocket socket = new LoggedSocket();
        PromptSocket prompt = new PromptSocket(socket);

        prompt.in().read();
        prompt.in().read(new byte[10]);
        prompt.out().write(new byte[] {1, 2});
        prompt.out().write(3);
        prompt.in().read(new byte[10]);
        prompt.in().read();

        assertThat(socket.log).containsExactly("option", "write", "write", "option");
    }

    /** A socket that is connected to nobody and notes what is done with it. */
    private static final class LoggedSocket extends Socket {

        private final List<String> log = new ArrayList<>();

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return Set.of(ExtendedSocketOptions.TCP_QUICKACK);
        }

        @Override
        public <T> Socket setOption(SocketOption<T> name, T value) {
            log.add("option");
            return this;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(new byte[100]);
        }

        @Override
        public OutputStream getOutputStream() {
            return new ByteArrayOutputStream() {
                @Override
                public synchronized void write(int one) {
                    log.add("write");
                }

                @Override
                public synchronized void write(byte[] bytes, int offset, int length) {
                    log.add("write");
                }
            };
        }
    }
}
