package io.postwatch.agent.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

class ReplyFuzzTest {

    private static final String HOST = "mail.example.org";

    @FuzzTest(maxDuration = "2m")
    void readsWhateverMessageWithinItsBounds(byte[] message) {
        for (RecordType type : RecordType.values()) {
            switch (Reply.read(message, message.length, new Question(4711, HOST, type))) {
                case Reply.Addresses(List<String> aliases, List<InetAddress> addresses) -> {
                    assertThat(aliases).hasSizeLessThanOrEqualTo(Reply.MAX_ALIASES);
                    assertThat(addresses)
                            .hasSizeLessThanOrEqualTo(Reply.MAX_RECORDS)
                            .hasOnlyElementsOfType(type == RecordType.A ? Inet4Address.class : Inet6Address.class);
                }
                case Reply.Texts(List<String> aliases, List<String> texts) -> {
                    assertThat(aliases).hasSizeLessThanOrEqualTo(Reply.MAX_ALIASES);
                    assertThat(texts)
                            .hasSizeLessThanOrEqualTo(Reply.MAX_RECORDS)
                            .allMatch(text -> text.matches("[ -~]*"));
                }
                case Reply.NoSuchName(List<String> aliases) ->
                    assertThat(aliases).hasSizeLessThanOrEqualTo(Reply.MAX_ALIASES);
                case Reply.Useless(String reason) -> assertThat(reason).isNotEmpty();
                case Reply.Foreign _, Reply.Truncated _ -> {}
            }
        }
    }
}
