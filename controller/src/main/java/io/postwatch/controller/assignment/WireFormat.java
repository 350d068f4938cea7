package io.postwatch.controller.assignment;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import org.jspecify.annotations.Nullable;

/** The bytes of what is sealed before it travels. The gateway, which knows the protocol, implements it. */
public interface WireFormat {
    /**
     * What is sealed to an agent's key.
     *
     * @param secret null exactly where the agent's host knows it
     */
    byte[] login(MonitorLogin login, @Nullable LoginSecret secret);
}
