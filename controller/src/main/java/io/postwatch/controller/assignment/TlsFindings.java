package io.postwatch.controller.assignment;

/** What TLS was agreed on: protocol such as {@code TLSv1.3} and the IANA name of the cipher suite. */
public record TlsFindings(String protocol, String cipher) {}
