package io.postwatch.controller.web;

import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A position in a list's order, opaque to callers. One that was tampered with is refused as {@code invalid-cursor}; it
 * could at most move its owner to another place of the owner's own list.
 */
public record Cursor(List<String> parts) {
    private static final int MAX_PARTS = 8;
    private static final int MAX_LENGTH = 4096;

    public Cursor {
        parts = List.copyOf(parts);
    }

    public static Cursor at(Object... parts) {
        List<String> texts = new ArrayList<>();
        for (Object part : parts) {
            texts.add(part.toString());
        }
        return new Cursor(texts);
    }

    public String encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(parts.size());
            for (String part : parts) {
                out.writeUTF(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Throws a problem for what {@link #encode} didn't give. */
    public static Cursor decode(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid();
        }
        try (DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(text)))) {
            int count = in.readUnsignedByte();
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < Math.min(count, MAX_PARTS); i++) {
                parts.add(in.readUTF());
            }
            if (in.read() != -1 || parts.stream().anyMatch(part -> part.indexOf('\0') >= 0)) {
                throw invalid();
            }
            return new Cursor(parts);
        } catch (IOException | IllegalArgumentException e) {
            throw invalid();
        }
    }

    public String text(int index) {
        if (index >= parts.size()) {
            throw invalid();
        }
        return parts.get(index);
    }

    public UUID uuid(int index) {
        try {
            return UUID.fromString(text(index));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    public long number(int index) {
        try {
            return Long.parseLong(text(index));
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    public Instant instant(int index) {
        try {
            return Instant.parse(text(index));
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    /** The refusal of a cursor whose parts fit no place in a list. */
    public static ProblemException invalid() {
        return ProblemException.of(ProblemCode.INVALID_CURSOR, "Begin at the first page again.");
    }
}
