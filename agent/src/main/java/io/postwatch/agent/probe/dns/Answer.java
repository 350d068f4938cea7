package io.postwatch.agent.probe.dns;

import java.net.InetAddress;
import java.util.List;

/** What the question for a name's addresses of one family, or for its texts, came to. */
public sealed interface Answer {

    /**
     * There are addresses.
     *
     * @param resolver who said so: the address of a server, or the name of a file
     * @param aliases the names that the one asked for leads to, in order; empty: it has the addresses itself
     * @param addresses at least one
     */
    record Found(String resolver, List<String> aliases, List<InetAddress> addresses) implements Answer {

        public Found {
            aliases = List.copyOf(aliases);
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("without an address nothing was found");
            }
        }
    }

    /**
     * The name exists, and these are its texts.
     *
     * @param texts each record's strings joined, printable; empty: it has none
     */
    record Texts(String resolver, List<String> aliases, List<String> texts) implements Answer {

        public Texts {
            aliases = List.copyOf(aliases);
            texts = List.copyOf(texts);
        }
    }

    /** The name, or the last of its aliases, does not exist (NXDOMAIN). */
    record NoSuchName(String resolver, List<String> aliases) implements Answer {

        public NoSuchName {
            aliases = List.copyOf(aliases);
        }
    }

    /** The name exists and has no address of this family (NOERROR without one). */
    record NoAddress(String resolver, List<String> aliases) implements Answer {

        public NoAddress {
            aliases = List.copyOf(aliases);
        }
    }

    /** Nothing is known about the name. */
    sealed interface Unanswered extends Answer {

        /** Why, as the end of a sentence: whom it concerns, and what that one did. */
        String reason();
    }

    /** Somebody answered, nobody with anything that tells of the name. */
    record Failed(String reason) implements Unanswered {}

    /** Nobody answered in time. */
    record TimedOut(String reason) implements Unanswered {}

    /** Nobody could be asked: this machine reaches none of its resolvers. */
    record Unreachable(String reason) implements Unanswered {}
}
