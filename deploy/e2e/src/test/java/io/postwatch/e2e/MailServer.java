package io.postwatch.e2e;

/** The real servers. */
enum MailServer {
    /** IMAP and POP3. Certificates are chosen by address. */
    DOVECOT("dovecot", "imap", "tls"),
    /** SMTP, with another library for TLS than the others have: GnuTLS. */
    EXIM("exim", "smtp", "tls"),
    /** SMTP. */
    POSTFIX("postfix", "smtp", "starttls");

    private final String program;
    private final String type;
    private final String security;

    MailServer(String program, String type, String security) {
        this.program = program;
        this.type = type;
        this.security = security;
    }

    /** As the script that runs it calls it. */
    String program() {
        return program;
    }

    /** What is spoken on the listeners of {@link ServedTls}. */
    String type() {
        return type;
    }

    /** When TLS begins on them. */
    String security() {
        return security;
    }

    String host(ServedTls served) {
        return this == DOVECOT ? served.address() : "127.0.0.1";
    }

    /** Dovecot can be told the oldest version of TLS it may speak, not the newest. */
    boolean serves(ServedTls served) {
        return this != DOVECOT || served.onlyVersion().isEmpty();
    }
}
