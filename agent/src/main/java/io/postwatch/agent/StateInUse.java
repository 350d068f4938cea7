package io.postwatch.agent;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.IdentityStore;
import java.security.SecureRandom;
import java.util.Objects;

/** What a command works with while it alone uses the state folder. */
record StateInUse(AgentConfiguration configuration, PrivateFolder folder, IdentityStore identity) {

    /** What a command does with the folder; gives the exit code. */
    interface Work {

        int with(StateInUse state) throws Exception;
    }

    /** Does the work while no other agent can use the folder. */
    static int during(AgentConfiguration configuration, SecureRandom random, Work work) throws Exception {
        PrivateFolder folder = PrivateFolder.open(configuration.state());
        try (PrivateFolder.Hold hold = folder.hold()
                .orElseThrow(() -> new ConfigurationException(
                        "Another agent already uses the folder " + folder + ": every agent needs its own."))) {
            Objects.requireNonNull(hold);
            return work.with(new StateInUse(configuration, folder, new IdentityStore(folder, random)));
        }
    }
}
