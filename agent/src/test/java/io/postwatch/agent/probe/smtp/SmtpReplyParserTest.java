package io.postwatch.agent.probe.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.bounds.HeldMemory;
import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.net.RunFailure;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SmtpReplyParserTest {

    /** Characters that do not fit into a byte make strings of Java take two bytes for each. */
    private static final byte[] WIDE_LINE = ("250-\u0100" + "x".repeat(640)).getBytes(UTF_8);

    @Test
    void aReplyThatDoesNotEndHoldsLittle() throws Exception {
        assertThat(HeldMemory.ofEach(SmtpReplyParserTest::unfinished)).isLessThan(12 * 1024);
    }

    @Test
    void keepsTheBeginningOfALongReplyAndCountsTheRest() throws RunFailure {
        SmtpReplyParser parser = unfinished();

        SmtpReply reply = Objects.requireNonNull(parser.accept("250 end".getBytes(UTF_8)));

        assertThat(String.join("\n", reply.texts()).getBytes(UTF_8)).hasSize(KeptBytes.MAX);
    }

    private static SmtpReplyParser unfinished() throws RunFailure {
        SmtpReplyParser parser = new SmtpReplyParser();
        for (int i = 0; i < SmtpReplyParser.MAX_LINES - 1; i++) {
            assertThat(parser.accept(WIDE_LINE)).isNull();
        }
        return parser;
    }
}
