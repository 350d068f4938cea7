package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.Calculations;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.failure.FailureCode;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Judges the chain a server sent: validity, trust, name, strength, days left. Every verdict is told, worst first.
 *
 * <p>Where a trusted path exists, only the certificates on it are judged: a server may send others for older clients.
 * Where none exists, every certificate it sent is.
 *
 * <p>Called by many runs at once. The search for a path is remembered, the judgement is not; a search that is needed is
 * done by {@link Calculations}, which may reject it.
 */
public final class ChainJudge {

    private static final List<FailureCode> WORST_FIRST = List.of(
            FailureCode.EXPIRED,
            FailureCode.NOT_YET_VALID,
            FailureCode.SELF_SIGNED,
            FailureCode.UNTRUSTED,
            FailureCode.INCOMPLETE_CHAIN,
            FailureCode.NAME_MISMATCH,
            FailureCode.WEAK,
            FailureCode.EXPIRES_SOON);

    private static final int MIN_RSA_BITS = 2048;
    private static final int MIN_EC_BITS = 224;
    private static final Pattern WEAK_SIGNATURE = Pattern.compile("(MD2|MD5|SHA1)with.*|.*(MD2|MD5|SHA-?1)$");
    private static final String PSS = "RSASSA-PSS";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int MAX_SHOWN_NAMES = 5;

    private final TrustPath trustPath;
    private final PathMemory paths;

    public ChainJudge(TrustAnchors anchors) {
        this(anchors, new PathMemory());
    }

    ChainJudge(TrustAnchors anchors, PathMemory paths) {
        this.trustPath = new TrustPath(anchors.certificates());
        this.paths = paths;
    }

    /** As the other one, with all the patience there is. */
    CertificateFindings judge(List<X509Certificate> sent, Target target, CertificatePolicy policy, Instant now) {
        return judge(sent, target, policy, now, Calculations.PATIENCE);
    }

    /**
     * Judges a chain.
     *
     * @param sent leaf first, not empty
     * @param target of the run, which must be named where the policy names no other
     * @param policy for the name it must carry, what else is trusted, and when {@code expires-soon} is told
     * @param patience how long the search for a path may wait for its turn
     */
    public CertificateFindings judge(
            List<X509Certificate> sent, Target target, CertificatePolicy policy, Instant now, Duration patience) {
        List<CapturedCertificate> captured = captured(sent);
        Fingerprint pin = policy.pin();
        Fingerprint shown = captured.getFirst().fingerprint();
        if (shown.equals(pin)) {
            return pinned(captured, sent.getFirst(), policy.expiry(), now);
        }
        TrustPath.Outcome outcome = pathOf(sent, fingerprints(captured), target, policy.trustAnchors(), now, patience);
        List<X509Certificate> judged = outcome.path().isEmpty() ? sent : outcome.path();
        List<CertificateVerdict> verdicts = new ArrayList<>(outcome.verdicts());
        for (X509Certificate certificate : judged) {
            int position = sent.indexOf(certificate);
            addValidity(verdicts, certificate, position, now);
            addStrength(verdicts, certificate, position);
        }
        addPurpose(verdicts, sent.getFirst());
        addName(verdicts, sent.getFirst(), policy.expectedNameFor(target.host()));
        Instant notAfter = judged.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        ExpiryLimits.Reached expiry = addExpiry(verdicts, sent, judged, policy.expiry(), now);
        // The sort is stable: of two equal verdicts the one nearer to the leaf comes first.
        verdicts.sort(Comparator.comparingInt(verdict -> WORST_FIRST.indexOf(verdict.code())));
        if (pin != null) {
            verdicts.addFirst(new CertificateVerdict(
                    FailureCode.UNTRUSTED,
                    0,
                    "The server shows another certificate than the pinned one: its fingerprint is " + shown + "."));
        }
        return new CertificateFindings(captured, verdicts, notAfter, daysBetween(now, notAfter), expiry);
    }

    private TrustPath.Outcome pathOf(
            List<X509Certificate> sent,
            List<Fingerprint> shown,
            Target target,
            List<X509Certificate> anchors,
            Instant now,
            Duration patience) {
        PathMemory.Question question = new PathMemory.Question(target, fingerprints(captured(anchors)));
        return paths.recall(question, shown, sent, now).orElseGet(() -> {
            TrustPath path = trustPath.and(anchors);
            TrustPath.Outcome found = Calculations.SHARED.call(() -> path.find(sent, now), patience);
            paths.keep(question, shown, sent, path.steadyAround(sent, now), found);
            return found;
        });
    }

    static List<Fingerprint> fingerprints(List<CapturedCertificate> captured) {
        return captured.stream().map(CapturedCertificate::fingerprint).toList();
    }

    /**
     * Clients that know a certificate by its fingerprint take it whatever its end: that is told as it comes near, and once
     * it is past, but fails nothing. What else was sent doesn't count.
     */
    private static CertificateFindings pinned(
            List<CapturedCertificate> captured, X509Certificate leaf, ExpiryLimits limits, Instant now) {
        Instant notAfter = leaf.getNotAfter().toInstant();
        int daysLeft = daysBetween(now, notAfter);
        if (limits.reached(left(leaf, limits.unit(), now)) == ExpiryLimits.Reached.NOTHING) {
            return new CertificateFindings(captured, List.of(), notAfter, daysLeft, ExpiryLimits.Reached.NOTHING);
        }
        String end = now.isAfter(notAfter) ? "has expired" : "expires in " + days(daysLeft);
        CertificateVerdict verdict = new CertificateVerdict(
                FailureCode.EXPIRES_SOON,
                0,
                "The pinned certificate of " + subject(leaf) + " " + end + "; clients that pin it don't mind.");
        return new CertificateFindings(captured, List.of(verdict), notAfter, daysLeft, ExpiryLimits.Reached.WARNING);
    }

    /** Of several the one with the least of its life left is told. */
    private static ExpiryLimits.Reached addExpiry(
            List<CertificateVerdict> verdicts,
            List<X509Certificate> sent,
            List<X509Certificate> judged,
            ExpiryLimits limits,
            Instant now) {
        X509Certificate first = judged.stream()
                .min(Comparator.comparingLong((X509Certificate certificate) -> left(certificate, limits.unit(), now))
                        .thenComparing(X509Certificate::getNotAfter))
                .orElseThrow();
        Instant notAfter = first.getNotAfter().toInstant();
        ExpiryLimits.Reached reached = limits.reached(left(first, limits.unit(), now));
        if (!notAfter.isAfter(now) || reached == ExpiryLimits.Reached.NOTHING) {
            return ExpiryLimits.Reached.NOTHING;
        }
        String rest = switch (limits.unit()) {
            case DAYS -> "";
            case PERCENT -> ", " + left(first, limits.unit(), now) + " % of its lifetime";
        };
        verdicts.add(new CertificateVerdict(
                FailureCode.EXPIRES_SOON,
                sent.indexOf(first),
                "The certificate of " + subject(first) + " expires in " + days(daysBetween(now, notAfter)) + rest
                        + "."));
        return reached;
    }

    /** How much of its life is left, rounded down; negative once expired. */
    private static long left(X509Certificate certificate, ExpiryLimits.Unit unit, Instant now) {
        Instant notAfter = certificate.getNotAfter().toInstant();
        return switch (unit) {
            case DAYS -> daysBetween(now, notAfter);
            case PERCENT -> {
                long life = Duration.between(certificate.getNotBefore().toInstant(), notAfter)
                        .toSeconds();
                yield Math.floorDiv(100 * Duration.between(now, notAfter).toSeconds(), Math.max(1, life));
            }
        };
    }

    private static void addValidity(
            List<CertificateVerdict> verdicts, X509Certificate certificate, int position, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            int daysAgo = daysBetween(until, now);
            verdicts.add(new CertificateVerdict(
                    FailureCode.EXPIRED,
                    position,
                    "The certificate of " + subject(certificate) + " expired "
                            + (daysAgo == 0 ? "today" : days(daysAgo) + " ago") + ", on " + until + "."));
        } else if (now.isBefore(from)) {
            verdicts.add(new CertificateVerdict(
                    FailureCode.NOT_YET_VALID,
                    position,
                    "The certificate of " + subject(certificate) + " is valid only from " + from + " on."));
        }
    }

    private static void addStrength(List<CertificateVerdict> verdicts, X509Certificate certificate, int position) {
        PublicKey key = certificate.getPublicKey();
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            addWeakness(
                    verdicts,
                    certificate,
                    position,
                    "has an RSA key of " + rsa.getModulus().bitLength() + " bits");
        } else if (key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() < MIN_EC_BITS) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            addWeakness(verdicts, certificate, position, "has a key on a curve of " + bits + " bits");
        } else if (key.getAlgorithm().equals("DSA")) {
            addWeakness(verdicts, certificate, position, "has a DSA key");
        }
        String signature = signature(certificate);
        if (WEAK_SIGNATURE.matcher(signature).matches() && !isSelfIssued(certificate)) {
            addWeakness(verdicts, certificate, position, "is signed with " + signature);
        }
    }

    /** The algorithm by its Java name; that of RSASSA-PSS does not tell its hash, which is among its parameters. */
    private static String signature(X509Certificate certificate) {
        String name = certificate.getSigAlgName();
        if (!name.equals(PSS)) {
            return name;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS);
            parameters.init(certificate.getSigAlgParams());
            String hash = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
            return hash.replace("-", "") + "with" + PSS;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return name;
        }
    }

    private static void addWeakness(
            List<CertificateVerdict> verdicts, X509Certificate certificate, int position, String weakness) {
        verdicts.add(new CertificateVerdict(
                FailureCode.WEAK,
                position,
                "The certificate of " + subject(certificate) + " " + weakness + ", which is no longer safe."));
    }

    private static void addPurpose(List<CertificateVerdict> verdicts, X509Certificate leaf) {
        List<String> purposes;
        try {
            purposes = leaf.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            purposes = List.of();
        }
        if (purposes != null && !purposes.contains(SERVER_AUTHENTICATION) && !purposes.contains(ANY_PURPOSE)) {
            verdicts.add(new CertificateVerdict(
                    FailureCode.UNTRUSTED, 0, "The certificate of " + subject(leaf) + " was not issued for servers."));
        }
    }

    private static void addName(List<CertificateVerdict> verdicts, X509Certificate leaf, MailHost host) {
        if (ServerNames.name(leaf, host)) {
            return;
        }
        List<String> names = ServerNames.of(leaf);
        String named = names.isEmpty()
                ? "it names no host at all"
                : "it names "
                        + String.join(", ", names.subList(0, Math.min(MAX_SHOWN_NAMES, names.size())))
                        + (names.size() > MAX_SHOWN_NAMES ? " and others" : "");
        verdicts.add(new CertificateVerdict(
                FailureCode.NAME_MISMATCH,
                0,
                ServerText.clean("The certificate does not name " + host + ": " + named + ".", 1024)));
    }

    static List<CapturedCertificate> captured(List<X509Certificate> sent) {
        return sent.stream()
                .map(certificate -> {
                    try {
                        return CapturedCertificate.of(certificate.getEncoded());
                    } catch (CertificateEncodingException e) {
                        throw new IllegalStateException("it was parsed from this very encoding", e);
                    }
                })
                .toList();
    }

    /** Who the certificate is for, for people. */
    static String subject(X509Certificate certificate) {
        return name(certificate.getSubjectX500Principal().getName());
    }

    /** The most telling part of a distinguished name in RFC 2253 form: its common name, else all of it. */
    static String name(String distinguishedName) {
        for (String part : distinguishedName.split("(?<!\\\\),", -1)) {
            if (part.toLowerCase(Locale.ROOT).startsWith("cn=") && part.length() > 3) {
                return "'" + ServerText.clean(part.substring(3), 100) + "'";
            }
        }
        return "'" + ServerText.clean(distinguishedName, 100) + "'";
    }

    static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static int daysBetween(Instant from, Instant to) {
        return Math.clamp(
                Math.floorDiv(Duration.between(from, to).toSeconds(), 86_400L), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static String days(int count) {
        return switch (count) {
            case 0 -> "less than a day";
            case 1 -> "1 day";
            default -> count + " days";
        };
    }
}
