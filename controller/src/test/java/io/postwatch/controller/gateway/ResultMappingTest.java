package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.postwatch.controller.evaluation.SpoolEntry;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.NetworkFindings;
import io.postwatch.proto.agent.v1.CertificateFindings;
import io.postwatch.proto.agent.v1.Network;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultMappingTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    /** RFC 5280 lets a certificate say that it never expires, and a broken one may say anything. */
    @ParameterizedTest
    @CsvSource({
        "253402300799, 9999-12-31T23:59:59Z",
        "253402300800, 9999-12-31T23:59:59Z",
        "9223372036854775807, 9999-12-31T23:59:59Z",
        "-1, 1970-01-01T00:00:00Z",
        "-9223372036854775808, 1970-01-01T00:00:00Z",
        "1772600767, 2026-03-04T05:06:07Z"
    })
    void anEndOfACertificateFarAwayCostsNoResult(long seconds, Instant kept) {
        RunResult run = ScriptedAgent.ok(1, 1, NOW).toBuilder()
                .setCertificate(CertificateFindings.newBuilder()
                        .setNotAfter(Timestamp.newBuilder().setSeconds(seconds)))
                .build();

        SpoolEntry entry = ResultMapping.entry(
                SpoolRecord.newBuilder().setSequence(1).setResult(run).build());

        assertThat(entry).isInstanceOfSatisfying(SpoolEntry.Run.class, read -> {
            ChainFindings chain = Objects.requireNonNull(read.run().certificate());
            assertThat(chain.notAfter()).isEqualTo(kept);
        });
    }

    @Test
    void aliasesAndResolverAreTakenWithinTheirBounds() {
        Network.Builder network =
                Network.newBuilder().addAliases("mail.example.net").setResolver("192.0.2.53");

        NetworkFindings findings = ResultMapping.run(with(network)).network();

        assertThat(findings.aliases()).containsExactly("mail.example.net");
        assertThat(findings.resolver()).isEqualTo("192.0.2.53");
        assertThat(ResultMapping.run(with(Network.newBuilder())).network().resolver())
                .isNull();
        RunResult chatty = with(Network.newBuilder().addAllAliases(Collections.nCopies(17, "a.example")));
        assertThatThrownBy(() -> ResultMapping.run(chatty)).isInstanceOf(IllegalArgumentException.class);
    }

    private static RunResult with(Network.Builder network) {
        return ScriptedAgent.ok(1, 1, NOW).toBuilder().setNetwork(network).build();
    }
}
