package io.postwatch.agent.link.channel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * With what a proxy is told who connects: HTTP Basic (RFC 7617). The password stays in its file, which is read for every
 * connection, so that another one counts without a restart.
 */
public record ProxyLogin(String user, Path passwordFile) {

    private static final long MOST_BYTES = 1024;

    public ProxyLogin {
        if (user.isEmpty() || user.indexOf(':') >= 0 || hasControl(user)) {
            throw new IllegalArgumentException("a proxy's user has no colon in its name, and is not empty");
        }
    }

    /**
     * Reads the password; the end of the line is not part of it.
     *
     * @throws IOException with a sentence that names the file
     */
    public String password() throws IOException {
        String text;
        try {
            if (Files.size(passwordFile) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            text = Files.readString(passwordFile, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IOException(
                    "the file " + passwordFile
                            + " with the proxy's password can't be read: see that it is there, and that"
                            + " the agent's user may read it",
                    unreadable);
        }
        String password = withoutLineEnd(text);
        if (hasControl(password)) {
            throw new IOException("the file " + passwordFile + " must hold the proxy's password in one line");
        }
        return password;
    }

    private static String withoutLineEnd(String text) {
        int end = text.endsWith("\n") ? text.length() - 1 : text.length();
        return text.substring(0, end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
