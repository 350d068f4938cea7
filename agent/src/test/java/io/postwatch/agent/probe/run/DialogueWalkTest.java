package io.postwatch.agent.probe.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import org.junit.jupiter.api.Test;

class DialogueWalkTest {

    private final RunFailure silent = new RunFailure(FailureCode.TIMEOUT, "Nothing came.", "reply");

    @Test
    void silenceOnAPortOfTlsFromTheStartIsExplained() {
        for (int port : new int[] {465, 993, 995}) {
            RunFailure hinted = DialogueWalk.withHint(silent, target(port, Security.STARTTLS));
            assertThat(hinted.code()).isEqualTo(FailureCode.TIMEOUT);
            assertThat(hinted.serverReply()).isEqualTo("reply");
            assertThat(hinted.message())
                    .isEqualTo("Nothing came. On port " + port
                            + " servers mostly expect TLS from the start, without which this monitor begins.");
        }
    }

    @Test
    void whatHasAnotherReasonIsNot() {
        RunFailure refused = new RunFailure(FailureCode.PERMANENTLY_REFUSED, "No.");
        assertThat(DialogueWalk.withHint(silent, target(993, Security.TLS))).isSameAs(silent);
        assertThat(DialogueWalk.withHint(silent, target(143, Security.NONE))).isSameAs(silent);
        assertThat(DialogueWalk.withHint(refused, target(993, Security.NONE))).isSameAs(refused);
    }

    private static Target target(int port, Security security) {
        return new Target(new MailHost("mail.example.org"), port, security, AddressFamily.ANY);
    }
}
