package io.postwatch.controller.identity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which passwords are accepted: 12 to 128 characters, and none that attackers try first. No rules of composition. */
final class PasswordRules {
    static final int MIN_LENGTH = 12;
    static final int MAX_LENGTH = 128;
    private static final int FEW_CHARACTERS = 4;

    private final Set<String> common;

    private PasswordRules(Set<String> common) {
        this.common = common;
    }

    /** With the list of common and breached passwords that is shipped; words on it also count with digits and signs around them. */
    static PasswordRules shipped() {
        try (InputStream list = PasswordRules.class.getResourceAsStream("common-passwords.txt")) {
            if (list == null) {
                throw new IllegalStateException("This build carries no list of common passwords");
            }
            return new PasswordRules(new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why the password is refused, in a sentence; empty where it is accepted. */
    Optional<String> refusal(String password, EmailAddress email) {
        int length = password.codePointCount(0, password.length());
        if (length < MIN_LENGTH) {
            return Optional.of("The password has at least " + MIN_LENGTH + " characters");
        }
        if (length > MAX_LENGTH) {
            return Optional.of("The password has at most " + MAX_LENGTH + " characters");
        }
        String small = password.toLowerCase(Locale.ROOT);
        if (small.equals(email.key()) || isCommon(small)) {
            return Optional.of("This password is among the first that attackers try");
        }
        return Optional.empty();
    }

    private boolean isCommon(String small) {
        String letters = small.replaceAll("[^\\p{L}]", "");
        return small.codePoints().distinct().count() < FEW_CHARACTERS
                || isRun(small)
                || common.contains(small)
                || (letters.isEmpty() ? common.contains(small.replaceAll("\\D", "")) : common.contains(letters))
                || isRepeated(letters.isEmpty() ? small : letters);
    }

    /** {@code abcdefghijkl}, {@code 098765432109}: each character follows the one before. */
    private static boolean isRun(String text) {
        int step = text.charAt(1) - text.charAt(0);
        for (int i = 1; i < text.length(); i++) {
            int difference = text.charAt(i) - text.charAt(i - 1);
            boolean wraps = Math.abs(difference) == 9 && Character.isDigit(text.charAt(i));
            if (difference != step && !wraps) {
                return false;
            }
        }
        return Math.abs(step) == 1;
    }

    /** A common word, or a few characters, said again and again. */
    private boolean isRepeated(String text) {
        for (int unit = 1; unit <= text.length() / 2; unit++) {
            String first = text.substring(0, unit);
            if (text.length() % unit == 0
                    && first.repeat(text.length() / unit).equals(text)
                    && (unit <= FEW_CHARACTERS || common.contains(first))) {
                return true;
            }
        }
        return false;
    }
}
