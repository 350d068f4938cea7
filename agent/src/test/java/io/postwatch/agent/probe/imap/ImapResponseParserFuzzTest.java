package io.postwatch.agent.probe.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.Login;

class ImapResponseParserFuzzTest {

    private static final Login LOGIN = new Login("user", "password", null, false);

    @FuzzTest(maxDuration = "2m")
    void understandsOrRefusesWhateverAServerSays(byte[] stream) {
        ImapResponseParser parser = new ImapResponseParser();
        try {
            for (byte next : stream) {
                ImapResponse response = parser.accept(next);
                if (response != null) {
                    understand(response);
                }
            }
        } catch (RunFailure refused) {
            assertThat(refused.code().category()).isEqualTo(FailureCategory.PROTOCOL);
        }
    }

    private static void understand(ImapResponse response) {
        assertThat(response.line()).hasSizeLessThanOrEqualTo(ImapResponseParser.MAX_RESPONSE);
        switch (response) {
            case ImapResponse.Untagged untagged -> {
                ImapCapabilities capabilities = ImapCapabilities.listed(untagged.rest());
                capabilities.has("STARTTLS");
                capabilities.mechanisms().best(LOGIN, true);
                assertThat(untagged.keyword()).doesNotContain(" ");
            }
            case ImapResponse.Continuation more -> assertThat(more.line()).startsWith("+");
            case ImapResponse.Tagged end -> {
                assertThat(end.tag()).isNotEmpty();
                ImapResponse.codeOf(end.text());
                assertThat(ImapLoginRefusals.of(end).code()).isNotEqualTo(FailureCode.INTERNAL_ERROR);
                assertThat(ImapRefusals.of(end, "what").code()).isNotEqualTo(FailureCode.INTERNAL_ERROR);
            }
        }
    }
}
