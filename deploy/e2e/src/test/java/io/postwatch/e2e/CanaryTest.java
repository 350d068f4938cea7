package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A search that finds nothing proves something only where it finds what is there. */
class CanaryTest {
    private static final String SECRET = "päss/word ?>1234";
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    static Stream<byte[]> shapes() {
        byte[] plain = SECRET.getBytes(StandardCharsets.UTF_8);
        String encoded = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        return Stream.of(
                plain,
                SECRET.getBytes(StandardCharsets.ISO_8859_1),
                SECRET.getBytes(StandardCharsets.UTF_16BE),
                SECRET.getBytes(StandardCharsets.UTF_16LE),
                ascii(HexFormat.of().formatHex(plain)),
                ascii(HexFormat.of().withUpperCase().formatHex(plain)),
                HexFormat.of().formatHex(plain).getBytes(StandardCharsets.UTF_16LE),
                ascii(encoded),
                ascii(encoded.replace("+", "%20")),
                ascii(Base64.getEncoder().encodeToString(plain)),
                Base64.getEncoder().encodeToString(plain).getBytes(StandardCharsets.UTF_16BE),
                ascii(Base64.getUrlEncoder().encodeToString(plain)),
                ascii(base64("\0alice\0" + SECRET)),
                ascii(base64("\0somebody else\0" + SECRET)),
                ascii(base64("{\"password\":\"" + SECRET + "\"}")),
                ascii(base64("x" + SECRET + "yz")));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void itIsFoundInEachShapeWhereverItStands(byte[] shape) throws IOException {
        Canary canary = new Canary("alice", SECRET);
        for (int before : List.of(0, 1, MEGABYTE - shape.length, MEGABYTE - 1, MEGABYTE, 2 * MEGABYTE - 3)) {
            byte[] content = new byte[before + shape.length + 1];
            Arrays.fill(content, (byte) 'A');
            System.arraycopy(shape, 0, content, before, shape.length);
            Path file = Files.write(folder.resolve("file"), content);

            assertThat(canary.foundBelow(folder)).as("behind " + before).containsExactly(file);
            content[before + shape.length * 2 / 3] ^= 1;
            Files.write(file, content);
            assertThat(canary.foundBelow(folder)).as("another one").isEmpty();
        }
    }

    @Test
    void theTextsAreNamedThatHoldIt() {
        Canary canary = new Canary("alice", SECRET);

        assertThat(canary.foundIn(List.of("nothing", "a row with " + SECRET + " in it", base64("\0alice\0" + SECRET))))
                .hasSize(2)
                .doesNotContain("nothing");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
