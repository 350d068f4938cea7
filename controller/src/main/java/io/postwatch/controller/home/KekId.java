package io.postwatch.controller.home;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which key-encryption key: 16 bytes that follow from the key and tell nothing of it, written as 32 hexadecimal digits. */
public record KekId(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final int BYTES = 16;
    private static final int SHORT = 8;

    public KekId {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("The id of a key-encryption key has 32 hexadecimal digits");
        }
    }

    public static KekId of(byte[] bytes) {
        return new KekId(HexFormat.of().formatHex(Arrays.copyOf(bytes, BYTES)));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** As people are told. */
    @Override
    public String toString() {
        return hex.substring(0, SHORT);
    }
}
