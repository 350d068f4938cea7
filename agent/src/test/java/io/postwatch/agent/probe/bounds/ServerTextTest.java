package io.postwatch.agent.probe.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerTextTest {

    @Test
    void serverTextLosesControlCharactersAndWhatDoesNotFit() {
        assertThat(ServerText.clean("a\u0000b\u001b[31m\tc\u202e\n", 100))
                .isEqualTo("a\uFFFDb\uFFFD[31m c\uFFFD\uFFFD");
        assertThat(ServerText.clean("ää", 3)).isEqualTo("ä");
        assertThat(ServerText.clean(new byte[] {'a', (byte) 0xff, 'b'}, 100)).isEqualTo("a\uFFFDb");
        assertThat(ServerText.clean("\ud83d", 100)).isEqualTo("\uFFFD");
        assertThat(ServerText.clean("\ud83d\udce7", 3)).isEmpty();
    }
}
