package io.postwatch.agent.probe.failure;

import java.util.Locale;

/** Why a run was not OK. The codes are stable: machines read them, people read the {@link Failure#message}. */
public enum FailureCode {
    NAME_NOT_FOUND(FailureCategory.DNS, FaultOwner.TARGET),
    NO_ADDRESS(FailureCategory.DNS, FaultOwner.TARGET),
    DNS_TIMEOUT(FailureCategory.DNS, FaultOwner.TARGET),
    DNS_FAILURE(FailureCategory.DNS, FaultOwner.TARGET),

    CONNECTION_REFUSED(FailureCategory.CONNECT, FaultOwner.TARGET),
    CONNECT_TIMEOUT(FailureCategory.CONNECT, FaultOwner.TARGET),
    HOST_UNREACHABLE(FailureCategory.CONNECT, FaultOwner.NETWORK),
    NETWORK_UNREACHABLE(FailureCategory.CONNECT, FaultOwner.NETWORK),
    CONNECTION_RESET(FailureCategory.CONNECT, FaultOwner.TARGET),

    HANDSHAKE_FAILED(FailureCategory.TLS, FaultOwner.TARGET),
    HANDSHAKE_TIMEOUT(FailureCategory.TLS, FaultOwner.TARGET),
    PROTOCOL_VERSION(FailureCategory.TLS, FaultOwner.TARGET),
    NO_COMMON_CIPHER(FailureCategory.TLS, FaultOwner.TARGET),
    ALERT(FailureCategory.TLS, FaultOwner.TARGET),

    EXPIRED(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    NOT_YET_VALID(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    NAME_MISMATCH(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    SELF_SIGNED(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    UNTRUSTED(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    INCOMPLETE_CHAIN(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    WEAK(FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    EXPIRES_SOON(FailureCategory.CERTIFICATE, FaultOwner.TARGET),

    STARTTLS_NOT_OFFERED(FailureCategory.STARTTLS, FaultOwner.TARGET),
    STARTTLS_REFUSED(FailureCategory.STARTTLS, FaultOwner.TARGET),
    STARTTLS_INJECTION(FailureCategory.STARTTLS, FaultOwner.TARGET),
    PREAUTH(FailureCategory.STARTTLS, FaultOwner.TARGET),

    BAD_GREETING(FailureCategory.PROTOCOL, FaultOwner.TARGET),
    BAD_REPLY(FailureCategory.PROTOCOL, FaultOwner.TARGET),
    REPLY_TOO_LONG(FailureCategory.PROTOCOL, FaultOwner.TARGET),
    UNEXPECTED_CLOSE(FailureCategory.PROTOCOL, FaultOwner.TARGET),
    EXPECTATION_NOT_MET(FailureCategory.PROTOCOL, FaultOwner.TARGET),

    TEMPORARILY_UNAVAILABLE(FailureCategory.SERVICE, FaultOwner.TARGET),
    PERMANENTLY_REFUSED(FailureCategory.SERVICE, FaultOwner.TARGET),
    GREYLISTED(FailureCategory.SERVICE, FaultOwner.TARGET),
    RATE_LIMITED(FailureCategory.SERVICE, FaultOwner.TARGET),

    LOGIN_REFUSED(FailureCategory.AUTH, FaultOwner.SETTINGS),
    MECHANISM_NOT_OFFERED(FailureCategory.AUTH, FaultOwner.TARGET),
    AUTH_NEEDS_TLS(FailureCategory.AUTH, FaultOwner.SETTINGS),
    AUTH_UNAVAILABLE(FailureCategory.AUTH, FaultOwner.TARGET),
    BASIC_AUTH_DISABLED(FailureCategory.AUTH, FaultOwner.SETTINGS),
    TOKEN_EXPIRED(FailureCategory.AUTH, FaultOwner.SETTINGS),
    LOGIN_WITHHELD(FailureCategory.AUTH, FaultOwner.SETTINGS),
    LOGIN_SUSPENDED(FailureCategory.AUTH, FaultOwner.SETTINGS),

    TIMEOUT(FailureCategory.TIMEOUT, FaultOwner.TARGET),

    SLOW(FailureCategory.SLOW, FaultOwner.TARGET),

    ADDRESS_DENIED(FailureCategory.POLICY, FaultOwner.SETTINGS),
    PORT_DENIED(FailureCategory.POLICY, FaultOwner.SETTINGS),
    NEEDS_VERIFICATION(FailureCategory.POLICY, FaultOwner.SETTINGS),

    OVERLOADED(FailureCategory.AGENT, FaultOwner.AGENT),
    SKIPPED(FailureCategory.AGENT, FaultOwner.AGENT),
    NO_EGRESS(FailureCategory.AGENT, FaultOwner.AGENT),
    INTERNAL_ERROR(FailureCategory.AGENT, FaultOwner.AGENT),
    LOCAL_SECRET_UNAVAILABLE(FailureCategory.AGENT, FaultOwner.AGENT);

    private final FailureCategory category;
    private final FaultOwner owner;

    FailureCode(FailureCategory category, FaultOwner owner) {
        this.category = category;
        this.owner = owner;
    }

    /** The stable code in kebab case, for example {@code connection-refused}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public FailureCategory category() {
        return category;
    }

    public FaultOwner owner() {
        return owner;
    }
}
