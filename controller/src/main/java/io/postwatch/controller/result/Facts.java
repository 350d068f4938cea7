package io.postwatch.controller.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.run.CertificateVerdict;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.AddressText;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Fingerprint;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What of a run stays the same from run to run. Stored once per tenant under its hash; addresses are sorted, as servers rotate them. */
record Facts(
        List<String> resolved,
        @Nullable String tlsProtocol,
        @Nullable String tlsCipher,
        @Nullable List<String> chain,
        List<Verdict> verdicts,
        List<String> capabilities,
        @Nullable AuthMechanism mechanism,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        List<String> aliases,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        String resolver) {
    private static final int HASH_BYTES = 16;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A verdict on the chain. */
    record Verdict(FailureCode code, int position, String message) {
        CertificateVerdict verdict() {
            return new CertificateVerdict(code, position, message);
        }
    }

    static Facts of(RunRecord run) {
        return new Facts(
                run.network().resolved().stream()
                        .map(AddressText::of)
                        .sorted()
                        .distinct()
                        .toList(),
                run.tls() == null ? null : StoredText.of(run.tls().protocol()),
                run.tls() == null ? null : StoredText.of(run.tls().cipher()),
                run.certificate() == null
                        ? null
                        : run.certificate().chain().stream()
                                .map(Fingerprint::hex)
                                .toList(),
                run.certificate() == null
                        ? List.of()
                        : run.certificate().verdicts().stream()
                                .map(v -> new Verdict(v.code(), v.position(), StoredText.of(v.message())))
                                .toList(),
                run.capabilities().stream().map(StoredText::of).toList(),
                run.authMechanism(),
                run.network().aliases().stream().map(StoredText::of).toList(),
                run.network().resolver() == null
                        ? null
                        : StoredText.of(run.network().resolver()));
    }

    static Facts read(String json) {
        return JSON.readValue(json, Facts.class);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }

    static String hash(String json) {
        return HexFormat.of().formatHex(Digests.sha256(json), 0, HASH_BYTES);
    }
}
