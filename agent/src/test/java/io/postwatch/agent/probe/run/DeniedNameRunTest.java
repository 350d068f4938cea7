package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.LOOPBACK_ALLOWED;
import static io.postwatch.agent.probe.run.ARun.TICKER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.address.PublicAddressPolicy;
import io.postwatch.agent.probe.dns.Answers;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that lead nowhere an agent may go, and what is told of them. */
@Timeout(20)
class DeniedNameRunTest {

    private static final AddressPolicy PUBLIC = new PublicAddressPolicy(List.of());

    @Test
    void aNameThatTookAllTheTimeIsToldAsThat() {
        AtomicLong passed = new AtomicLong();
        NameLookup slow = (name, wanted, until) -> {
            passed.addAndGet(Duration.ofSeconds(20).toNanos());
            return new Answers(Names.answer(4, "127.0.0.1"), Names.answer(16), List.of());
        };
        try (Deadline deadline = Deadline.after(Duration.ofSeconds(10), () -> TICKER.nanos() + passed.get())) {
            assertThat(aRun().against("mail.example.org")
                            .by(Names.probe(slow, LOOPBACK_ALLOWED))
                            .run(deadline))
                    .failsWith(FailureCode.DNS_TIMEOUT, Phase.RESOLVE);
        }
    }

    @Test
    void oneDeniedAddressDeniesTheHostThoughItWouldNotBeUsed() {
        String[] many =
                IntStream.rangeClosed(1, 17).mapToObj(i -> "127.0.0." + i).toArray(String[]::new);
        AddressPolicy policy = address -> !address.getHostAddress().equals("127.0.0.17");
        assertThat(aRun().against("mail.example.org")
                        .by(Names.told(policy, many))
                        .run())
                .learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
    }

    @Test
    void aPublicAgentTellsNothingOfNamesThatLeadToDeniedAddresses() {
        ProbeResult denied = aRun().against("mail.example.org")
                .port(25)
                .by(Names.told(PUBLIC, "10.1.2.3"))
                .run();
        assertThat(denied).learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
        Assertions.assertThat(denied.network()).isNull();
        Assertions.assertThat(Objects.requireNonNull(denied.failure()).message())
                .doesNotContain("10.1.2.3");
    }

    @Test
    void aPublicAgentLooksUpNoNamesOfItsOwnNetwork() {
        NameLookup none = (name, wanted, until) -> {
            throw new AssertionError("nobody is asked for " + name);
        };
        assertThat(aRun().against("intranet")
                        .port(25)
                        .by(Names.probe(none, PUBLIC))
                        .run())
                .learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
    }
}
