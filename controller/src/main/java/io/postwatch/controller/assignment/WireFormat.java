package io.postwatch.controller.assignment;

/** The bytes of what is sealed before it travels. The gateway, which knows the protocol, implements it. */
public interface WireFormat {
    /** What is sealed to an agent's key. */
    byte[] login(String username, String password);
}
