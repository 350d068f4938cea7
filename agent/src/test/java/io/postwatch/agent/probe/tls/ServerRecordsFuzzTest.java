package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

class ServerRecordsFuzzTest {

    private static final JdkTls LIBRARY = new JdkTls();

    /** The packets in which bytes come make no difference. */
    @FuzzTest(maxDuration = "3m")
    void readsTheSameInWhateverPortions(byte[] sent) {
        ServerRecords whole = new ServerRecords();
        whole.accept(sent, 0, sent.length);
        ServerRecords single = new ServerRecords();
        for (int i = 0; i < sent.length; i++) {
            single.accept(sent, i, 1);
        }
        assertThat(single.isForeign()).isEqualTo(whole.isForeign());
        assertThat(single.helloVersion()).isEqualTo(whole.helloVersion());
        assertThat(single.alert()).isEqualTo(whole.alert());
        assertThat(single.alertVersion()).isEqualTo(whole.alertVersion());
    }

    /** Whatever comes in place of a handshake ends as one that failed, with a reason. */
    @FuzzTest(maxDuration = "3m")
    void noHandshakeFailsInAnUnknownWay(byte[] sent) {
        ChainCapture capture = new ChainCapture(new ChainRoom());
        TlsStream stream = new TlsStream(
                LIBRARY, LIBRARY.open(), capture, new ByteArrayInputStream(sent), OutputStream.nullOutputStream());
        try {
            ScopedValue.where(ChainCapture.CURRENT, capture).call(stream::handshake);
        } catch (IOException e) {
            assertThat(HandshakeFailures.of(e, LIBRARY, stream.records(), capture)
                            .message())
                    .endsWith(".");
        } finally {
            assertThatCode(stream::close).doesNotThrowAnyException();
        }
    }
}
