package io.postwatch.controller.assignment;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;

/** The bytes of what is sealed before it travels. The gateway, which knows the protocol, implements it. */
public interface WireFormat {
    /** What is sealed to an agent's key. */
    byte[] login(MonitorLogin login, LoginSecret secret);
}
