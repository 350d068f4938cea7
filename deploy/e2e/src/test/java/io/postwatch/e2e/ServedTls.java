package io.postwatch.e2e;

import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestAuthority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A certificate, or a version of TLS, that the real servers show on a listener of its own. */
@SuppressWarnings("ImmutableEnumChecker") // it does not know that a lambda without anything of its own is immutable
enum ServedTls {
    ECDSA((ours, names) -> ours.leaf(names)),
    RSA((ours, names) -> ours.leaf(names).rsa(2048)),
    EXPIRED((ours, names) -> ours.leaf(names).expired(Duration.ofDays(40).plusHours(1))),
    EXPIRED_INTERMEDIATE((ours, names) -> ours.leaf(names).expiredIntermediate()),
    NOT_YET_VALID((ours, names) -> ours.leaf(names).notYetValid()),
    OTHER_NAME((ours, names) -> ours.leaf("elsewhere.postwatch.test")),
    WILDCARD((ours, names) -> ours.leaf("*.postwatch.test")),
    /** A name with an umlaut, as it stands in certificates. */
    INTERNATIONAL_NAME((ours, names) -> ours.leaf("xn--bcher-kva.postwatch.test")),
    NO_NAME((ours, names) -> ours.leaf()),
    SELF_SIGNED((ours, names) -> ours.leaf(names).selfSigned()),
    OTHER_AUTHORITY((ours, names) -> Authorities.FOREIGN.leaf(names)),
    WITHOUT_INTERMEDIATE((ours, names) -> ours.leaf(names).withoutIntermediate()),
    WRONG_ORDER((ours, names) -> ours.leaf(names).inWrongOrder()),
    WEAK_KEY((ours, names) -> ours.leaf(names).rsa(1024)),
    WEAK_SIGNATURE((ours, names) -> ours.leaf(names).sha1()),
    FOR_CLIENTS((ours, names) -> ours.leaf(names).forClientsOnly()),
    TEN_DAYS_LEFT(
            (ours, names) -> ours.leaf(names).expiringIn(Duration.ofDays(10).plusHours(1))),
    FIVE_DAYS_LEFT(
            (ours, names) -> ours.leaf(names).expiringIn(Duration.ofDays(5).plusHours(1))),
    /** Shows {@link #EXPIRED} to who asks for no name, and a certificate of {@link #ASKED_NAME} to who asks for that. */
    BY_NAME((ours, names) -> ours.leaf(names).expired(Duration.ofDays(40).plusHours(1))),
    TLS_1_0("TLSv1"),
    TLS_1_1("TLSv1.1"),
    TLS_1_2("TLSv1.2");

    /** Chosen by SNI. */
    static final String ASKED_NAME = "asked.postwatch.test";

    /** How long a certificate lives without further words, in whole days. */
    static final int DAYS = 90;

    private static final class Authorities {
        static final TestAuthority FOREIGN = TestAuthority.create("Foreign", InstantSource.system());
    }

    private final BiFunction<TestAuthority, String[], TestAuthority.Leaf> leaf;
    private final @Nullable String onlyVersion;

    ServedTls(BiFunction<TestAuthority, String[], TestAuthority.Leaf> leaf) {
        this.leaf = leaf;
        this.onlyVersion = null;
    }

    ServedTls(String onlyVersion) {
        this.leaf = (ours, names) -> ours.leaf(names);
        this.onlyVersion = onlyVersion;
    }

    /** Who signed {@link #OTHER_AUTHORITY}. */
    static TestAuthority foreignAuthority() {
        return Authorities.FOREIGN;
    }

    ServerIdentity issue(TestAuthority authority, String... names) {
        return leaf.apply(authority, names).issue();
    }

    /** The only version of TLS the listener speaks, as OpenSSL calls it; empty: all that the server likes. */
    Optional<String> onlyVersion() {
        return Optional.ofNullable(onlyVersion);
    }

    /** Below /etc, where the servers find key and certificates. */
    String folder() {
        return "certificates/" + name().toLowerCase(Locale.ROOT);
    }

    /** An address of its own, by which Dovecot chooses. */
    String address() {
        return "127.0.1." + (List.of(values()).indexOf(this) + 1);
    }
}
