package io.postwatch.controller.check;

import java.util.Optional;
import java.util.regex.Pattern;

/** A mailbox as RCPT TO names it: a dot-string of RFC 5321 and a domain, as A-labels in lower case. */
public record MailAddress(String value) {
    private static final int MAX_LENGTH = 254;
    private static final Pattern LOCAL_PART =
            Pattern.compile("(?=.{1,64}$)[\\w!#$%&'*+/=?^`{|}~-]+(\\.[\\w!#$%&'*+/=?^`{|}~-]+)*");

    public MailAddress {
        if (!canonical(value).equals(Optional.of(value))) {
            throw new IllegalArgumentException("Not a canonical address");
        }
    }

    /** The address that a person meant; empty where it is none that can be put between the brackets of RCPT TO. */
    public static Optional<MailAddress> read(String text) {
        return canonical(text).map(MailAddress::new);
    }

    private static Optional<String> canonical(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0 || !LOCAL_PART.matcher(text.substring(0, at)).matches()) {
            return Optional.empty();
        }
        return switch (MailHost.read(text.substring(at + 1))) {
            case MailHost.Reading.Accepted(String domain)
            when !new MailHost(domain).isLiteral() && at + 1 + domain.length() <= MAX_LENGTH ->
                Optional.of(text.substring(0, at + 1) + domain);
            case MailHost.Reading.Accepted _, MailHost.Reading.Refused _ -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return value;
    }
}
