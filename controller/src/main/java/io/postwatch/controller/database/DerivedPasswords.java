package io.postwatch.controller.database;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The passwords of a run-time role that follow from the key-encryption keys, that of the key in use first. */
record DerivedPasswords(KekProvider keks, String role) implements Supplier<List<String>> {
    private static final int BYTES = 24;

    @Override
    public List<String> get() {
        return Stream.concat(Stream.of(keks.current()), keks.held().stream())
                .distinct()
                .map(this::of)
                .toList();
    }

    String ofCurrent() {
        return of(keks.current());
    }

    private String of(KekId key) {
        return HexFormat.of().formatHex(keks.derive(key, "database role " + role, BYTES));
    }
}
