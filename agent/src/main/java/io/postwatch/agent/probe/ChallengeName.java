package io.postwatch.agent.probe;

import io.postwatch.agent.probe.address.MailHost;

/**
 * A name at which somebody proves that a domain is theirs. The texts of no other name are looked up, whoever asks: an agent
 * answers one question about the DNS, and is no resolver for others.
 */
public record ChallengeName(String text) {

    private static final String PREFIX = "_postwatch-challenge.";
    private static final int MAX_NAME = 253;

    public ChallengeName {
        if (!text.startsWith(PREFIX) || text.length() > MAX_NAME) {
            throw new IllegalArgumentException("not the name of a challenge");
        }
        MailHost domain = new MailHost(text.substring(PREFIX.length()));
        if (domain.literal() != null || !domain.text().equals(text.substring(PREFIX.length()))) {
            throw new IllegalArgumentException("not the name of a domain's challenge");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
