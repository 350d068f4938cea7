package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.MonitorTestId;
import org.jspecify.annotations.Nullable;

/** The bytes of what is sealed or kept before it travels. The gateway, which knows the protocol, implements it. */
public interface WireFormat {
    /** What is sealed to an agent's key. */
    byte[] login(String username, String password);

    /** The order of a monitor test, ready to be sent. */
    byte[] testOrder(MonitorTestId test, CheckOrder check, @Nullable SealedLogin secret);
}
