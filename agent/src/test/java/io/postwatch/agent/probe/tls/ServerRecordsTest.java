package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerRecordsTest {

    private static final byte[] HELLO = bytes("16 0303 000a 02 000006 0301 0102 0304");
    private static final byte[] FATAL = bytes("15 0303 0002 02 28");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6, 7, 100})
    void whatIsInTheClearIsReadInAnyPortions(int portion) {
        ServerRecords records = new ServerRecords();
        feed(records, HELLO, portion);
        feed(records, bytes("14 0303 0001 01"), portion);
        feed(records, bytes("17 0303 0000"), portion);
        feed(records, FATAL, portion);

        assertThat(records.isForeign()).isFalse();
        assertThat(records.helloVersion()).hasValue(0x0301);
        assertThat(records.alert()).hasValue(40);
        assertThat(records.alertVersion()).hasValue(0x0303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "15 0303 0002 01 70", // a warning
                "15 0303 001a 02 28 000000000000000000000000000000000000000000000000", // encrypted
                "17 0303 0002 02 28", // data
                "16 0303 0002 02 28", // a message in pieces
                "16 0303 000a 0b 000006 0301 0102 0304", // a certificate
                "15 0303 0002 02" // half an alert
            })
    void whatIsNeitherAnAlertNorAServerHelloSaysNothing(String sent) {
        ServerRecords records = new ServerRecords();
        feed(records, bytes(sent), 100);

        assertThat(records.isForeign()).isFalse();
        assertThat(records.alert()).isEmpty();
        assertThat(records.helloVersion()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"220 mail.example ESMTP\r\n", "* OK ready\r\n", "HTTP/1.1 400 Bad Request\r\n"})
    void whatIsNoTlsIsForeign(String greeting) {
        ServerRecords records = new ServerRecords();
        feed(records, greeting.getBytes(StandardCharsets.US_ASCII), 1);

        assertThat(records.isForeign()).isTrue();
    }

    private static void feed(ServerRecords records, byte[] sent, int portion) {
        for (int i = 0; i < sent.length; i += portion) {
            records.accept(sent, i, Math.min(portion, sent.length - i));
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
