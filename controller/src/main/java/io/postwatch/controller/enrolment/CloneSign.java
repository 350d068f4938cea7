package io.postwatch.controller.enrolment;

import java.util.Locale;

/** By what two copies of an agent's state were told apart. */
public enum CloneSign {
    OLDER_CERTIFICATE("one copy holds an older certificate than another one has used since"),
    OTHER_CERTIFICATE("two copies hold different certificates of one generation"),
    TWO_PROCESSES("two processes took turns with one identity");

    private final String sentence;

    CloneSign(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    /** The name in the API and the database: {@code two-processes}. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
