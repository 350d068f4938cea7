package io.postwatch.controller.proof;

import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.check.MailHost;
import java.util.Optional;

/** A domain of mail as A-labels in lower case. It has at least two labels: nobody proves a whole top-level domain. */
public record MailDomain(String value) {
    private static final String CHALLENGE = "_postwatch-challenge.";
    private static final int MAX_NAME = 253;

    public MailDomain {
        if (!canonical(value).equals(Optional.of(value))) {
            throw new IllegalArgumentException("Not a canonical domain that can be proven");
        }
    }

    /** The domain that a person meant; empty where there is none that can be proven. */
    public static Optional<MailDomain> read(String text) {
        return canonical(text).map(MailDomain::new);
    }

    /** That a mailbox is in. */
    public static Optional<MailDomain> of(MailAddress address) {
        return read(address.value().substring(address.value().lastIndexOf('@') + 1));
    }

    private static Optional<String> canonical(String text) {
        return switch (MailHost.read(text)) {
            case MailHost.Reading.Accepted(String name)
            when !new MailHost(name).isLiteral()
                    && name.indexOf('.') > 0
                    && CHALLENGE.length() + name.length() <= MAX_NAME -> Optional.of(name);
            case MailHost.Reading.Accepted _, MailHost.Reading.Refused _ -> Optional.empty();
        };
    }

    /** The name whose texts prove it. The underscore keeps it apart from the names of hosts. */
    public String challengeName() {
        return CHALLENGE + value;
    }

    /** Whether whoever has proven this one has proven the other: it is the same, or below it. */
    public boolean covers(MailDomain other) {
        return other.value.equals(value) || other.value.endsWith("." + value);
    }

    @Override
    public String toString() {
        return value;
    }
}
