package io.postwatch.agent.link.mapping;

import com.google.protobuf.ByteString;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.certificate.Fingerprint;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies about certificates between the protocol and the agent's records. */
final class CertificatePolicyMapping {

    private static final int MAX_ANCHOR_BYTES = 64 * 1024;

    private CertificatePolicyMapping() {}

    /** @throws IllegalArgumentException where it makes no sense */
    static CertificatePolicy policy(io.postwatch.proto.agent.v1.CertificatePolicy wire) {
        return new CertificatePolicy(
                expiry(wire),
                wire.getReportOnly(),
                host(wire.getExpectedName()),
                host(wire.getServerName()),
                anchors(wire.getTrustAnchorsList()),
                wire.getPin().isEmpty()
                        ? null
                        : new Fingerprint(HexFormat.of().formatHex(wire.getPin().toByteArray())));
    }

    private static ExpiryLimits expiry(io.postwatch.proto.agent.v1.CertificatePolicy wire) {
        boolean percent = wire.getWarningPercent() != 0 || wire.getErrorPercent() != 0;
        if (percent && (wire.getWarningDays() != 0 || wire.getErrorDays() != 0)) {
            throw new IllegalArgumentException(
                    "the rest of a certificate's life counts in days or in percent, not both");
        }
        return percent
                ? new ExpiryLimits(ExpiryLimits.Unit.PERCENT, wire.getWarningPercent(), wire.getErrorPercent())
                : new ExpiryLimits(ExpiryLimits.Unit.DAYS, wire.getWarningDays(), wire.getErrorDays());
    }

    private static @Nullable MailHost host(String name) {
        return name.isEmpty() ? null : new MailHost(name);
    }

    private static List<X509Certificate> anchors(List<ByteString> encoded) {
        if (encoded.stream().mapToInt(ByteString::size).sum() > MAX_ANCHOR_BYTES) {
            throw new IllegalArgumentException("the authorities of a check take at most 64 KiB");
        }
        List<X509Certificate> anchors = new ArrayList<>();
        for (ByteString one : encoded) {
            try {
                anchors.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(one.toByteArray())));
            } catch (CertificateException unreadable) {
                throw new IllegalArgumentException(
                        "a certificate of the check's authorities can't be read", unreadable);
            }
        }
        return anchors;
    }

    static io.postwatch.proto.agent.v1.CertificatePolicy wire(CertificatePolicy policy) {
        io.postwatch.proto.agent.v1.CertificatePolicy.Builder wire =
                io.postwatch.proto.agent.v1.CertificatePolicy.newBuilder().setReportOnly(policy.reportOnly());
        ExpiryLimits expiry = policy.expiry();
        switch (expiry.unit()) {
            case DAYS -> wire.setWarningDays(expiry.warning()).setErrorDays(expiry.error());
            case PERCENT -> wire.setWarningPercent(expiry.warning()).setErrorPercent(expiry.error());
        }
        MailHost expected = policy.expectedName();
        if (expected != null) {
            wire.setExpectedName(expected.text());
        }
        MailHost server = policy.serverName();
        if (server != null) {
            wire.setServerName(server.text());
        }
        policy.trustAnchors().forEach(anchor -> wire.addTrustAnchors(encoded(anchor)));
        Fingerprint pin = policy.pin();
        if (pin != null) {
            wire.setPin(ByteString.copyFrom(pin.bytes()));
        }
        return wire.build();
    }

    private static ByteString encoded(X509Certificate anchor) {
        try {
            return ByteString.copyFrom(anchor.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was parsed from an encoding", e);
        }
    }
}
