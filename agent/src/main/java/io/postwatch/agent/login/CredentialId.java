package io.postwatch.agent.login;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What the controller calls a credential: another name after each time that it was edited, and saying nothing about it.
 *
 * @param hex 1 to 64 bytes, two digits each, in lower case
 */
public record CredentialId(String hex) {

    private static final int MAX_BYTES = 64;
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2}){1," + MAX_BYTES + "}");

    public CredentialId {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a credential is called by 1 to " + MAX_BYTES + " bytes");
        }
    }

    public static CredentialId ofBytes(byte[] bytes) {
        return new CredentialId(HexFormat.of().formatHex(bytes));
    }
}
