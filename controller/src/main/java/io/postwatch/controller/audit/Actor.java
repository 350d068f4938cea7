package io.postwatch.controller.audit;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.UserId;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who did something.
 *
 * @param id of the user or agent; null where there is none
 * @param name as people know it: an e-mail address, an agent's name
 */
public record Actor(Kind kind, @Nullable UUID id, String name) {
    /** Whoever acts by itself, with nobody asking. */
    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, null, "Postwatch");

    /** What acts. */
    public enum Kind {
        USER,
        AGENT,
        /** The installation as a whole, in its upkeep. */
        SYSTEM,
        /** One controller, as it was configured or told on its host. */
        CONTROLLER;

        /** The name in the API and the database: {@code user}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    public Actor {
        name = RecordedText.name(name);
    }

    public static Actor user(UserId user, String email) {
        return new Actor(Kind.USER, user.value(), email);
    }

    public static Actor agent(AgentId agent, String name) {
        return new Actor(Kind.AGENT, agent.value(), name);
    }

    /**
     * A controller by itself.
     *
     * @param what of it acted: {@code configuration}
     */
    public static Actor controller(String what) {
        return new Actor(Kind.CONTROLLER, null, what);
    }
}
