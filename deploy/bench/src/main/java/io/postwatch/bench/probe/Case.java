package io.postwatch.bench.probe;

import java.util.Locale;

/** What is probed. */
enum Case {
    /** Greeting, EHLO, QUIT. */
    SMTP_PLAIN,
    /** Greeting, EHLO, STARTTLS, EHLO, QUIT. */
    SMTP_STARTTLS,
    /** TLS, greeting, CAPABILITY, login, LOGOUT. */
    IMAPS_LOGIN;

    /** As it is printed and given on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Case of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
