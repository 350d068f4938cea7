package io.postwatch.agent.probe.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.LineParser;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.Login;

class SmtpReplyParserFuzzTest {

    private static final Login LOGIN = new Login("user", "password", null, false);

    @FuzzTest(maxDuration = "2m")
    void understandsOrRefusesWhateverAServerSays(byte[] stream) {
        LineParser lines = new LineParser(SmtpReplyParser.MAX_LINE);
        SmtpReplyParser parser = new SmtpReplyParser();
        try {
            for (byte next : stream) {
                byte[] line = lines.accept(next);
                SmtpReply reply = line == null ? null : parser.accept(line);
                if (reply != null) {
                    understand(reply);
                }
            }
        } catch (RunFailure refused) {
            assertThat(refused.code().category()).isEqualTo(FailureCategory.PROTOCOL);
        }
    }

    private static void understand(SmtpReply reply) {
        assertThat(reply.code()).isBetween(200, 599);
        assertThat(reply.text()).startsWith(String.valueOf(reply.code()));
        SmtpExtensions extensions = SmtpExtensions.of(reply);
        extensions.offers("STARTTLS");
        extensions.mechanisms().best(LOGIN, true);
        reply.enhancedCode();
        reply.tellsOfRateLimit();
        if (reply.code() >= 400) {
            assertThat(SmtpLoginRefusals.of(reply).code()).isNotEqualTo(FailureCode.INTERNAL_ERROR);
        }
    }
}
