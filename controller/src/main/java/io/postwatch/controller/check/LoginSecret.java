package io.postwatch.controller.check;

import java.nio.charset.StandardCharsets;

/** A password or access token on its way from a request to the vault or to an agent. Never shows itself in text. */
public record LoginSecret(String reveal) {
    /** What it is. The names are stored. */
    public enum Kind {
        PASSWORD,
        /** An OAuth 2.0 bearer token (RFC 6750). */
        ACCESS_TOKEN
    }

    /** As it is stored and sealed: UTF-8. */
    public byte[] bytes() {
        return reveal.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "LoginSecret[…]";
    }
}
