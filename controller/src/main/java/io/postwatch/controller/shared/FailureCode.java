package io.postwatch.controller.shared;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Why a run was not OK. The names and numbers are stable: the numbers are stored and equal the protocol's. */
public enum FailureCode {
    NAME_NOT_FOUND(10, FailureCategory.DNS, FaultOwner.TARGET),
    NO_ADDRESS(11, FailureCategory.DNS, FaultOwner.TARGET),
    DNS_TIMEOUT(12, FailureCategory.DNS, FaultOwner.TARGET),
    DNS_FAILURE(13, FailureCategory.DNS, FaultOwner.TARGET),
    CONNECTION_REFUSED(20, FailureCategory.CONNECT, FaultOwner.TARGET),
    CONNECT_TIMEOUT(21, FailureCategory.CONNECT, FaultOwner.TARGET),
    HOST_UNREACHABLE(22, FailureCategory.CONNECT, FaultOwner.NETWORK),
    NETWORK_UNREACHABLE(23, FailureCategory.CONNECT, FaultOwner.NETWORK),
    CONNECTION_RESET(24, FailureCategory.CONNECT, FaultOwner.TARGET),
    HANDSHAKE_FAILED(30, FailureCategory.TLS, FaultOwner.TARGET),
    HANDSHAKE_TIMEOUT(31, FailureCategory.TLS, FaultOwner.TARGET),
    PROTOCOL_VERSION(32, FailureCategory.TLS, FaultOwner.TARGET),
    NO_COMMON_CIPHER(33, FailureCategory.TLS, FaultOwner.TARGET),
    ALERT(34, FailureCategory.TLS, FaultOwner.TARGET),
    EXPIRED(40, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    NOT_YET_VALID(41, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    NAME_MISMATCH(42, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    SELF_SIGNED(43, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    UNTRUSTED(44, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    INCOMPLETE_CHAIN(45, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    WEAK(46, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    EXPIRES_SOON(47, FailureCategory.CERTIFICATE, FaultOwner.TARGET),
    STARTTLS_NOT_OFFERED(50, FailureCategory.STARTTLS, FaultOwner.TARGET),
    STARTTLS_REFUSED(51, FailureCategory.STARTTLS, FaultOwner.TARGET),
    STARTTLS_INJECTION(52, FailureCategory.STARTTLS, FaultOwner.TARGET),
    PREAUTH(53, FailureCategory.STARTTLS, FaultOwner.TARGET),
    BAD_GREETING(60, FailureCategory.PROTOCOL, FaultOwner.TARGET),
    BAD_REPLY(61, FailureCategory.PROTOCOL, FaultOwner.TARGET),
    REPLY_TOO_LONG(62, FailureCategory.PROTOCOL, FaultOwner.TARGET),
    UNEXPECTED_CLOSE(63, FailureCategory.PROTOCOL, FaultOwner.TARGET),
    EXPECTATION_NOT_MET(64, FailureCategory.PROTOCOL, FaultOwner.TARGET),
    TEMPORARILY_UNAVAILABLE(70, FailureCategory.SERVICE, FaultOwner.TARGET),
    PERMANENTLY_REFUSED(71, FailureCategory.SERVICE, FaultOwner.TARGET),
    GREYLISTED(72, FailureCategory.SERVICE, FaultOwner.TARGET),
    RATE_LIMITED(73, FailureCategory.SERVICE, FaultOwner.TARGET),
    LOGIN_REFUSED(80, FailureCategory.AUTH, FaultOwner.SETTINGS),
    MECHANISM_NOT_OFFERED(81, FailureCategory.AUTH, FaultOwner.TARGET),
    AUTH_NEEDS_TLS(82, FailureCategory.AUTH, FaultOwner.SETTINGS),
    AUTH_UNAVAILABLE(83, FailureCategory.AUTH, FaultOwner.TARGET),
    BASIC_AUTH_DISABLED(84, FailureCategory.AUTH, FaultOwner.SETTINGS),
    TOKEN_EXPIRED(85, FailureCategory.AUTH, FaultOwner.SETTINGS),
    LOGIN_WITHHELD(86, FailureCategory.AUTH, FaultOwner.SETTINGS),
    LOGIN_SUSPENDED(87, FailureCategory.AUTH, FaultOwner.SETTINGS),
    TIMEOUT(90, FailureCategory.TIMEOUT, FaultOwner.TARGET),
    SLOW(100, FailureCategory.SLOW, FaultOwner.TARGET),
    ADDRESS_DENIED(110, FailureCategory.POLICY, FaultOwner.SETTINGS),
    PORT_DENIED(111, FailureCategory.POLICY, FaultOwner.SETTINGS),
    NEEDS_VERIFICATION(112, FailureCategory.POLICY, FaultOwner.SETTINGS),
    OVERLOADED(120, FailureCategory.AGENT, FaultOwner.AGENT),
    SKIPPED(121, FailureCategory.AGENT, FaultOwner.AGENT),
    NO_EGRESS(122, FailureCategory.AGENT, FaultOwner.AGENT),
    INTERNAL_ERROR(123, FailureCategory.AGENT, FaultOwner.AGENT),
    LOCAL_SECRET_UNAVAILABLE(124, FailureCategory.AGENT, FaultOwner.AGENT);

    private static final Map<Short, FailureCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(FailureCode::number, Function.identity()));

    private final short number;
    private final FailureCategory category;
    private final FaultOwner fault;

    FailureCode(int number, FailureCategory category, FaultOwner fault) {
        this.number = (short) number;
        this.category = category;
        this.fault = fault;
    }

    /** The code in API and console: {@code connection-refused}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public short number() {
        return number;
    }

    public FailureCategory category() {
        return category;
    }

    public FaultOwner fault() {
        return fault;
    }

    public static FailureCode ofNumber(short number) {
        FailureCode code = BY_NUMBER.get(number);
        if (code == null) {
            throw new IllegalArgumentException("No failure code has the number " + number);
        }
        return code;
    }
}
