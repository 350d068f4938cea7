package io.postwatch.agent.probe.imap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.bounds.HeldMemory;
import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.net.RunFailure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImapKeptTest {

    /** Four lines of 15 KB, continued behind literals without content. */
    private static final byte[] LONG = ("* OK \u0100" + ("x".repeat(15_000) + " {0}\r\n").repeat(4)).getBytes(UTF_8);

    @Test
    void aResponseThatDoesNotEndHoldsLittle() throws Exception {
        assertThat(HeldMemory.ofEach(() -> {
                    ImapResponseParser parser = new ImapResponseParser();
                    feed(parser, LONG);
                    return parser;
                }))
                .isLessThan(ImapResponseParser.MAX_LINE + 12 * 1024);
    }

    @Test
    void keepsTheBeginningOfALongResponseAndCountsTheRest() throws RunFailure {
        ImapResponseParser parser = new ImapResponseParser();
        feed(parser, LONG);

        ImapResponse response = Objects.requireNonNull(feed(parser, "end\r\n".getBytes(UTF_8)));

        assertThat(response).isInstanceOf(ImapResponse.Untagged.class);
        assertThat(response.line().getBytes(UTF_8)).hasSize(KeptBytes.MAX);
        assertThat(feed(parser, "* OK short\r\n".getBytes(UTF_8)))
                .isEqualTo(new ImapResponse.Untagged("* OK short", "OK short"));
    }

    private static @Nullable ImapResponse feed(ImapResponseParser parser, byte[] bytes) throws RunFailure {
        ImapResponse response = null;
        for (byte next : bytes) {
            response = parser.accept(next);
        }
        return response;
    }
}
