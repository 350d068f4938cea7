package io.postwatch.agent.probe.sasl;

import java.text.Normalizer;

/**
 * What SASLprep (RFC 4013) makes of a name or password before SCRAM hashes it: other spaces become a space, what is never
 * seen disappears, and what looks alike is written alike (NFKC). What it prohibits is left as it is: it is for the
 * server that has such a password to refuse it.
 */
final class SaslPrep {

    private SaslPrep() {}

    /** ASCII is returned unchanged, and so is what would leave nothing. */
    static String prepared(String text) {
        if (text.chars().allMatch(character -> character < 128)) {
            return text;
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints()
                .filter(character -> !isMappedToNothing(character))
                .map(character -> isSpace(character) ? ' ' : character)
                .forEach(mapped::appendCodePoint);
        String normalised = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        return normalised.isEmpty() ? text : normalised;
    }

    /** RFC 3454, table C.1.2, without U+200B, which table B.1 has. */
    private static boolean isSpace(int character) {
        return character >= 128 && Character.getType(character) == Character.SPACE_SEPARATOR;
    }

    /** RFC 3454, table B.1. */
    private static boolean isMappedToNothing(int character) {
        return switch (character) {
            case 0x00AD, 0x034F, 0x1806, 0x180B, 0x180C, 0x180D, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF -> true;
            default -> character >= 0xFE00 && character <= 0xFE0F;
        };
    }
}
