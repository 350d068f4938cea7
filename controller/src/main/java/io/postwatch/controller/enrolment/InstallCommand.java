package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.id.TenantId;

/**
 * The command of a POSIX shell that makes a host an agent and starts it again later; to be run in the folder with
 * {@code postwatch-agent.jar} and {@code postwatch-agent.options}.
 */
final class InstallCommand {
    /** Anybody may choose the targets of a public agent, so it is never started with the reach of a private one. */
    private static final String PUBLIC = " --addresses-policy public";

    private InstallCommand() {}

    /**
     * The token travels in the environment, because others on the host can read a command line. The state folder is the
     * token's own: on a host that was an agent before, the command of a new token makes a new one.
     */
    static String text(AgentEndpoint endpoint, TokenText token, TenantId owner) {
        return "POSTWATCH_ENROL_TOKEN=" + token.text()
                + " java @postwatch-agent.options -jar postwatch-agent.jar run --state ~/.postwatch-agent/"
                + token.prefix() + " --controller "
                + quoted(endpoint.shownAddress())
                + (owner.equals(TenantId.PLATFORM) ? PUBLIC : "");
    }

    /** The brackets of an IPv6 address are a pattern to a shell. */
    private static String quoted(String address) {
        return address.startsWith("[") ? "'" + address + "'" : address;
    }
}
