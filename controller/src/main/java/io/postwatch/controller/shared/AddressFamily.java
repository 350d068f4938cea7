package io.postwatch.controller.shared;

import java.util.Locale;
import java.util.Optional;

/** Which addresses of the host a run uses: the target of a series. */
public enum AddressFamily {
    ANY("any family"),
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String title;

    AddressFamily(String title) {
        this.title = title;
    }

    /** The word of the API and of the database. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    public String title() {
        return title;
    }

    public static Optional<AddressFamily> ofCode(String code) {
        for (AddressFamily family : values()) {
            if (family.code().equals(code)) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }
}
