package io.postwatch.controller.run;

import io.swagger.v3.oas.annotations.media.Schema;

/** What TLS was agreed on: protocol such as {@code TLSv1.3} and the IANA name of the cipher suite. */
@Schema(name = "Tls")
public record TlsFindings(String protocol, String cipher) {}
