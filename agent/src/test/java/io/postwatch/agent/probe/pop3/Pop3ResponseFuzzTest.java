package io.postwatch.agent.probe.pop3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import java.util.List;

class Pop3ResponseFuzzTest {

    private static final Login LOGIN = new Login("user", "password", null, false);

    /** Lines are responses, and all of them together a listing. */
    @FuzzTest(maxDuration = "3m")
    void understandsOrRefusesWhateverAServerSays(byte[] said) {
        List<String> lines = new String(said, UTF_8).lines().toList();
        for (String line : lines) {
            Pop3Response response = Pop3Response.of(line);
            if (response != null) {
                understand(response);
            }
        }
        Pop3Capabilities capabilities = new Pop3Capabilities(true, lines);
        capabilities.has("STLS");
        capabilities.mechanisms().best(LOGIN, true);
    }

    private static void understand(Pop3Response response) {
        assertThat(response.line()).contains(response.text());
        assertThat(response.code()).doesNotContain("[", "]", " ").hasSizeLessThanOrEqualTo(3 * 64);
        assertThat(Pop3Refusals.ofLogin(response).code()).isNotEqualTo(FailureCode.INTERNAL_ERROR);
        assertThat(Pop3Refusals.of(response, "No", FailureCode.PERMANENTLY_REFUSED)
                        .code())
                .isNotEqualTo(FailureCode.INTERNAL_ERROR);
    }
}
