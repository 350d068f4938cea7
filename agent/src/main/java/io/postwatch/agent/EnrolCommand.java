package io.postwatch.agent;

import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.Enrolment;
import io.postwatch.agent.link.channel.GatewayChannels;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code postwatch-agent enrol}. */
@Command(
        name = "enrol",
        description = "Makes this host an agent, once, with a token from the console.",
        mixinStandardHelpOptions = true)
final class EnrolCommand implements Callable<Integer> {

    @Mixin
    private final CommandOptions options = new CommandOptions();

    @Override
    public Integer call() throws Exception {
        EnrolmentToken token = options.token()
                .orElseThrow(() -> new ConfigurationException(
                        "To enrol, the agent needs a token from the console: give --token or --token-file."));
        SecureRandom random = new SecureRandom();
        return StateInUse.during(options.configuration(), random, state -> {
            Credentials credentials = new FirstEnrolment(
                            new Enrolment(
                                    state.identity(),
                                    HostFacts.version(),
                                    new GatewayChannels(state.configuration().proxy()))::enrol,
                            state.configuration().controller(),
                            state.configuration().name())
                    .enrolOnceApproved(token, Backoff.DEFAULT, random, SystemClocks::pause);
            System.err.println("Enrolled as " + credentials.agentName() + " of " + credentials.locationName() + ".");
            return 0;
        });
    }
}
