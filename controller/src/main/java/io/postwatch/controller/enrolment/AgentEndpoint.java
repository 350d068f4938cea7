package io.postwatch.controller.enrolment;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where agents reach this controller.
 *
 * @param port where the controller listens for agents, on all interfaces; 0: any free one
 * @param address what install commands name, {@code host:port}; without one: localhost and the port
 * @param names more DNS names that the controller's certificate carries
 */
@ConfigurationProperties("postwatch.agent")
public record AgentEndpoint(
        @DefaultValue("9443") int port,
        @Nullable String address,
        @DefaultValue List<String> names) {
    private static final Pattern HOST_AND_PORT = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

    public AgentEndpoint {
        names = List.copyOf(names);
        address = address == null || address.isBlank() ? null : address;
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("postwatch.agent.port is 0 to 65535, not " + port);
        }
        if (address != null && !HOST_AND_PORT.matcher(address).matches()) {
            throw new IllegalArgumentException("postwatch.agent.address is host:port, not \"" + address + "\"");
        }
    }

    String shownAddress() {
        return address == null ? "localhost:" + port : address;
    }
}
