package io.postwatch.controller.monitor;

/** A password on its way from a request to the vault or to an agent. Never shows itself in text. */
public record Password(String reveal) {
    @Override
    public String toString() {
        return "Password[…]";
    }
}
