package io.postwatch.agent.probe.bounds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

class ServerTextFuzzTest {

    /** The first byte is the bound. */
    @FuzzTest(maxDuration = "3m")
    void whateverComesIsCleanAndShortAfterwards(byte[] sent) throws CharacterCodingException {
        if (sent.length == 0) {
            return;
        }
        int bound = sent[0] & 0xff;
        String clean = ServerText.clean(sent, bound);
        byte[] stored = clean.getBytes(UTF_8);
        assertThat(stored).hasSizeLessThanOrEqualTo(bound);
        assertThat(UTF_8.newDecoder().decode(ByteBuffer.wrap(stored)).toString())
                .isEqualTo(clean);
        assertThat(ServerText.clean(clean, bound)).isEqualTo(clean);
        assertThat(clean.chars()).noneMatch(Character::isISOControl);
    }
}
