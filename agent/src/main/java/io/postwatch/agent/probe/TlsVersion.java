package io.postwatch.agent.probe;

/** The versions of TLS that are safe today, oldest first. */
public enum TlsVersion {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    /** As {@link TlsFindings} names it. */
    public String protocol() {
        return protocol;
    }

    /** Whether what was agreed on is this version or a newer one. */
    public boolean isMetBy(TlsFindings agreed) {
        for (TlsVersion version : values()) {
            if (version.protocol.equals(agreed.protocol())) {
                return version.compareTo(this) >= 0;
            }
        }
        return false;
    }
}
