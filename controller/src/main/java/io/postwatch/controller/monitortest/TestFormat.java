package io.postwatch.controller.monitortest;

import io.postwatch.controller.assignment.SealedLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.TestOrderId;
import org.jspecify.annotations.Nullable;

/** The bytes of an order, which is kept before it travels. The gateway, which knows the protocol, implements it. */
public interface TestFormat {
    /** The order of one run of a monitor test, ready to be sent. */
    byte[] testOrder(TestOrderId id, MonitorSettings settings, AddressFamily target, @Nullable SealedLogin secret);
}
