package io.postwatch.agent.assignment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A secret that only this agent's sealing key opens. It is opened for a run and forgotten after it. */
public final class SealedSecret {

    private final byte[] keyFingerprint;
    private final byte[] sealed;
    private final byte[] purpose;

    /**
     * Copies all three.
     *
     * @param keyFingerprint SHA-256 of the sealing key it was sealed to
     * @param sealed encapsulated key, then the ciphertext
     * @param purpose what it was sealed for
     */
    public SealedSecret(byte[] keyFingerprint, byte[] sealed, byte[] purpose) {
        this.keyFingerprint = keyFingerprint.clone();
        this.sealed = sealed.clone();
        this.purpose = purpose.clone();
    }

    public byte[] keyFingerprint() {
        return keyFingerprint.clone();
    }

    public byte[] sealed() {
        return sealed.clone();
    }

    public byte[] purpose() {
        return purpose.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SealedSecret that
                && Arrays.equals(keyFingerprint, that.keyFingerprint)
                && Arrays.equals(sealed, that.sealed)
                && Arrays.equals(purpose, that.purpose);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sealed);
    }

    @Override
    public String toString() {
        return "SealedSecret[" + sealed.length + " bytes]";
    }
}
