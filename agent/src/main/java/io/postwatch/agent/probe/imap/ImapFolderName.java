package io.postwatch.agent.probe.imap;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How a folder's name travels: in the modified UTF-7 of RFC 3501, section 5.1.3, between quotes. */
final class ImapFolderName {

    private ImapFolderName() {}

    static String encoded(String name) {
        StringBuilder encoded = new StringBuilder("\"");
        int position = 0;
        while (position < name.length()) {
            int start = position;
            while (position < name.length() && !isPrintable(name.charAt(position))) {
                position++;
            }
            if (position > start) {
                encoded.append('&')
                        .append(base64(name.substring(start, position)))
                        .append('-');
                continue;
            }
            switch (name.charAt(position)) {
                case '&' -> encoded.append("&-");
                case '"', '\\' -> encoded.append('\\').append(name.charAt(position));
                default -> encoded.append(name.charAt(position));
            }
            position++;
        }
        return encoded.append('"').toString();
    }

    private static boolean isPrintable(char character) {
        return character >= ' ' && character < 127;
    }

    private static String base64(String text) {
        return Base64.getEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_16BE))
                .replace('/', ',');
    }
}
