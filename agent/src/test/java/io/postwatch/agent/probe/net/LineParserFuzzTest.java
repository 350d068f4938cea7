package io.postwatch.agent.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.failure.FailureCode;

class LineParserFuzzTest {

    private static final int MAX_LINE = 64;

    @FuzzTest(maxDuration = "2m")
    void cutsLinesOfWhateverBytesWithinTheirBound(byte[] stream) {
        LineParser parser = new LineParser(MAX_LINE);
        try {
            for (byte next : stream) {
                byte[] line = parser.accept(next);
                if (line != null) {
                    assertThat(line).hasSizeLessThanOrEqualTo(MAX_LINE).doesNotContain((byte) '\n');
                    ServerText.requireClean(ServerText.clean(line, 32), 32, "line");
                }
            }
        } catch (RunFailure tooLong) {
            assertThat(tooLong.code()).isEqualTo(FailureCode.REPLY_TOO_LONG);
        }
    }
}
