package io.postwatch.controller.shared;

/** Versions of TLS that a monitor may demand at least. The names are stored. */
public enum TlsVersion {
    TLS_1_2("1.2"),
    TLS_1_3("1.3");

    private final String code;

    TlsVersion(String code) {
        this.code = code;
    }

    /** The name in API and console. */
    public String code() {
        return code;
    }
}
