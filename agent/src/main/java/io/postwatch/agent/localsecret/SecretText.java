package io.postwatch.agent.localsecret;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that are a secret, as text. What is wrong with them is told without any of them. */
final class SecretText {

    /** The longest access token, with the end of its line. */
    static final int MAX_BYTES = 8_192 + 2;

    private SecretText() {}

    /** The whole, which must be one line; the end of the line is not part of it. Overwrites the bytes. */
    static String onlyLine(byte[] bytes) throws CharacterCodingException {
        String text = text(bytes, bytes.length);
        String line = withoutLineEnd(text);
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("has more than one line");
        }
        return checked(line);
    }

    /** What comes before the first line break. Overwrites the bytes. */
    static String firstLine(byte[] bytes) throws CharacterCodingException {
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n') {
            length++;
        }
        return checked(withoutLineEnd(text(bytes, Math.min(length + 1, bytes.length))));
    }

    /** The rest of a sentence about what was read. */
    static String whatIsWrong(Exception unusable) {
        return unusable instanceof CharacterCodingException || unusable.getMessage() == null
                ? "is not text in UTF-8"
                : unusable.getMessage();
    }

    private static String text(byte[] bytes, int length) throws CharacterCodingException {
        try {
            if (length > MAX_BYTES) {
                throw new IllegalArgumentException("is longer than " + MAX_BYTES + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String withoutLineEnd(String text) {
        int end = text.endsWith("\n") ? text.length() - 1 : text.length();
        return text.substring(0, end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    private static String checked(String line) {
        if (line.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        if (line.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("holds a NUL");
        }
        return line;
    }
}
