package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TargetMemoryTest {

    @Test
    void whatIsRememberedIsForgottenAfterAnHour() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
        TargetMemory memory = new TargetMemory(nanos::get);
        Target target = new Target(new MailHost("mail.example.org"), 25, Security.STARTTLS, AddressFamily.ANY);
        Target other = new Target(new MailHost("mail.example.net"), 25, Security.STARTTLS, AddressFamily.ANY);
        memory.add(target);

        nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        assertThat(memory.contains(target)).isTrue();
        assertThat(memory.contains(other)).isFalse();

        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(memory.contains(target)).isFalse();
    }
}
