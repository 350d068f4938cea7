package io.postwatch.controller.monitor;

import java.nio.charset.StandardCharsets;

/** A password on its way from a request to the vault or to an agent. Never shows itself in text. */
public record Password(String reveal) {
    /** As it is stored and sealed: UTF-8. */
    public byte[] bytes() {
        return reveal.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Password[…]";
    }
}
