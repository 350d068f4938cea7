package io.postwatch.agent.probe.address;

import java.util.regex.Pattern;

/**
 * An address that mail can be sent to, as it stands between the angle brackets of RCPT TO (RFC 5321, section 4.1.2). Of
 * ASCII only: others need SMTPUTF8, which few servers have.
 *
 * @param text at most 254 characters; the host in small letters
 */
public record MailAddress(String text) {

    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL_PART = 64;

    /** A dot-string. Quoted local parts are allowed by the letter and used by nobody. */
    private static final Pattern LOCAL_PART =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

    public MailAddress {
        int at = text.lastIndexOf('@');
        if (at < 1
                || at > MAX_LOCAL_PART
                || text.length() > MAX_LENGTH
                || !LOCAL_PART.matcher(text.substring(0, at)).matches()) {
            throw new IllegalArgumentException("not an address of mail in ASCII");
        }
        String domain = text.substring(at + 1);
        boolean bracketed = domain.startsWith("[") && domain.endsWith("]");
        MailHost host = new MailHost(bracketed ? withoutBrackets(domain) : domain);
        if (bracketed != (host.literal() != null)) {
            throw new IllegalArgumentException("in an address of mail, an IP address stands in brackets");
        }
        // What was checked is what is sent: characters that only look like a name's are gone from it.
        text = text.substring(0, at + 1) + (bracketed ? domain : host.text());
    }

    private static String withoutBrackets(String literal) {
        return literal.substring(1, literal.length() - 1).replaceFirst("(?i)^IPv6:", "");
    }

    @Override
    public String toString() {
        return text;
    }
}
