package io.postwatch.agent.probe.certificate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A certificate as the server sent it. A value: equal where the bytes are. */
public final class CapturedCertificate {

    private final Fingerprint fingerprint;
    private final byte[] der;

    private CapturedCertificate(Fingerprint fingerprint, byte[] der) {
        this.fingerprint = fingerprint;
        this.der = der;
    }

    /** Keeps a copy of the DER. */
    public static CapturedCertificate of(byte[] der) {
        Objects.requireNonNull(der, "der");
        return new CapturedCertificate(Fingerprint.ofDer(der), der.clone());
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** A copy of the DER. */
    public byte[] der() {
        return der.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CapturedCertificate that && fingerprint.equals(that.fingerprint);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "CapturedCertificate[" + fingerprint + "]";
    }
}
