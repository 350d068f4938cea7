package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.Digests;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What two people compare to know that both see the same key: the first 16 bytes of its SHA-256, in eight groups of four
 * hexadecimal digits, joined by hyphens. The agent makes it of its own key in the same way.
 */
public final class KeyFingerprint {
    private static final int BYTES = 16;
    private static final int GROUP_BYTES = 2;

    private KeyFingerprint() {}

    public static String of(byte[] key) {
        byte[] digest = Digests.sha256(key);
        return IntStream.iterate(0, from -> from < BYTES, from -> from + GROUP_BYTES)
                .mapToObj(from -> HexFormat.of().formatHex(Arrays.copyOfRange(digest, from, from + GROUP_BYTES)))
                .collect(Collectors.joining("-"));
    }
}
