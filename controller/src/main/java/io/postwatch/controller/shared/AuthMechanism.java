package io.postwatch.controller.shared;

/** SASL mechanisms a login may use. The names are stored. */
public enum AuthMechanism {
    PLAIN,
    LOGIN,
    CRAM_MD5,
    SCRAM_SHA_1,
    SCRAM_SHA_256,
    XOAUTH2,
    OAUTHBEARER,
    /** USER and PASS of POP3 (RFC 1939), which no monitor asks for: a run comes to it where the server offers nothing else. */
    USER_PASS;

    /** The name in API and console, where there is one IANA's: {@code SCRAM-SHA-256}. */
    public String code() {
        return name().replace('_', '-');
    }

    /** Whether it proves who logs in by an access token; the others do by a password. */
    public boolean takesToken() {
        return switch (this) {
            case XOAUTH2, OAUTHBEARER -> true;
            case PLAIN, LOGIN, CRAM_MD5, SCRAM_SHA_1, SCRAM_SHA_256, USER_PASS -> false;
        };
    }
}
