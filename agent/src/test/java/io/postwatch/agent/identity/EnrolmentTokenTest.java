package io.postwatch.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrolmentTokenTest {

    /** The example of docs/protocol.md: random bytes 00 … 17, hash bytes a0 … bf. */
    private static final String EXAMPLE =
            "pwe_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXoKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr-VBoDF";

    @Test
    void theExampleOfTheProtocolDocument() {
        byte[] random = new byte[24];
        byte[] hash = new byte[32];
        for (int i = 0; i < random.length; i++) {
            random[i] = (byte) i;
        }
        for (int i = 0; i < hash.length; i++) {
            hash[i] = (byte) (0xa0 + i);
        }
        EnrolmentToken token = EnrolmentToken.of(random, hash);
        assertThat(token.reveal()).isEqualTo(EXAMPLE);
        assertThat(EnrolmentToken.parse("  " + EXAMPLE + "\n").authorityKeyHash())
                .isEqualTo(hash);
    }

    @Test
    void theWholeTextIsHashed() throws NoSuchAlgorithmException {
        assertThat(EnrolmentToken.parse(EXAMPLE).sha256())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(EXAMPLE.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void itIsNotPrinted() {
        assertThat(EnrolmentToken.parse(EXAMPLE)).hasToString("pwe_…");
    }

    @Test
    void everyMistypedCharacterIsNoticed() {
        for (int i = 4; i < EXAMPLE.length(); i++) {
            char[] typed = EXAMPLE.toCharArray();
            typed[i] = typed[i] == 'A' ? 'B' : 'A';
            String wrong = new String(typed);
            assertThatThrownBy(() -> EnrolmentToken.parse(wrong))
                    .as("character %s", i)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(wrong.substring(4));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pwe_", "pw_abc", "pwe_AAAA", "pwe_!!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"})
    void whatIsNoTokenIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> EnrolmentToken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
    }

    @Test
    void signedPartsAreLabelled() {
        AgentId agent = AgentId.of(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
        byte[] signed = SignedParts.ofHello(new byte[32], agent, new byte[32], new byte[16]);
        assertThat(Arrays.copyOf(signed, 19)).isEqualTo("postwatch-hello-v1\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(signed).hasSize(19 + 32 + 16 + 32 + 16);
        assertThat(agent.bytes()).isEqualTo(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    }
}
