package io.postwatch.agent;

import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this host becomes an agent: tried once by a person, or by a starting agent until a controller has answered. */
final class FirstEnrolment {

    private static final Logger LOG = LoggerFactory.getLogger(FirstEnrolment.class);

    /** Between two questions whether a person has approved this agent. */
    private static final Duration SOONEST = Duration.ofSeconds(1);

    private static final Duration LATEST = Duration.ofMinutes(5);

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

    /**
     * Attempts once, and then, where a person has to approve this agent, until they have decided.
     *
     * @throws RefusedException also where nobody could be asked at first
     */
    Credentials enrolOnceApproved(EnrolmentToken token, Backoff backoff, RandomGenerator random, Pause pause)
            throws ConfigurationException, RefusedException, IOException, InterruptedException {
        try {
            return enrol(token);
        } catch (RefusedException failed) {
            if (failed.askAgain().isEmpty()) {
                throw failed;
            }
        }
        return enrolOnceAnswered(token, backoff, random, pause);
    }

    /** Attempts until there is an answer; a refusal for good is one, that a person has to approve this agent is none. */
    Credentials enrolOnceAnswered(EnrolmentToken token, Backoff backoff, RandomGenerator random, Pause pause)
            throws ConfigurationException, RefusedException, IOException, InterruptedException {
        int failures = 0;
        boolean told = false;
        while (true) {
            try {
                return enrol(token);
            } catch (RefusedException failed) {
                if (failed.isForGood()) {
                    throw failed;
                }
                Optional<Duration> asked = failed.askAgain();
                if (asked.isPresent()) {
                    failures = 0;
                    if (!told) {
                        LOG.warn("{}", failed.getMessage());
                        told = true;
                    }
                    pause.lasting(bounded(asked.get()));
                } else {
                    failures++;
                    Duration wait = failed.isCrowded()
                            ? backoff.longest(random.nextDouble())
                            : backoff.delay(failures, random.nextDouble());
                    LOG.warn("{} (next attempt in {} ms)", failed.getMessage(), wait.toMillis());
                    pause.lasting(wait);
                }
            }
        }
    }

    private static Duration bounded(Duration wished) {
        if (wished.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return wished.compareTo(LATEST) > 0 ? LATEST : wished;
    }
}
