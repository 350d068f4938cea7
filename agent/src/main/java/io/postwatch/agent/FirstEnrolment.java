package io.postwatch.agent;

import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this host becomes an agent: tried once by a person, or by a starting agent until a controller has answered. */
final class FirstEnrolment {

    private static final Logger LOG = LoggerFactory.getLogger(FirstEnrolment.class);

    /** The call to the controller. */
    @FunctionalInterface
    interface Call {

        Credentials enrol(ControllerAddress controller, EnrolmentToken token, String name)
                throws RefusedException, IOException;
    }

    /** Waits between two attempts. */
    @FunctionalInterface
    interface Pause {

        void lasting(Duration time) throws InterruptedException;
    }

    private final Call call;
    private final @Nullable ControllerAddress controller;
    private final String name;

    /**
     * Tries nothing yet.
     *
     * @param controller null where nobody named one: every attempt is then refused
     * @param name proposed to the controller
     */
    FirstEnrolment(Call call, @Nullable ControllerAddress controller, String name) {
        this.call = call;
        this.controller = controller;
        this.name = name;
    }

    /** One attempt. */
    Credentials enrol(EnrolmentToken token) throws ConfigurationException, RefusedException, IOException {
        ControllerAddress address = controller;
        if (address == null) {
            throw new ConfigurationException(
                    "To enrol, the agent needs the controller's address: give --controller HOST:PORT.");
        }
        return call.enrol(address, token, name);
    }

    /** Attempts until there is an answer; a refusal for good is one. */
    Credentials enrolOnceAnswered(EnrolmentToken token, Backoff backoff, RandomGenerator random, Pause pause)
            throws ConfigurationException, RefusedException, IOException, InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return enrol(token);
            } catch (RefusedException failed) {
                if (failed.isForGood()) {
                    throw failed;
                }
                Duration wait = backoff.delay(failures, random.nextDouble());
                LOG.warn("{} (next attempt in {} ms)", failed.getMessage(), wait.toMillis());
                pause.lasting(wait);
            }
        }
    }
}
