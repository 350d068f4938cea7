package io.postwatch.agent.probe.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.bounds.HeldMemory;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class RunRecorderTest {

    private static final String WIDE = "\u0100" + "x".repeat(1_000);

    private final RunRecorder recorder = new RunRecorder(() -> 0);

    /** Transcript, greeting and capabilities full, of characters that take two bytes each. */
    @Test
    void whatARunFoundHoldsLittle() throws Exception {
        assertThat(HeldMemory.ofEach(RunRecorderTest::full)).isLessThan(48 * 1024);
    }

    @Test
    void ofALongTranscriptTheBeginningAndTheEndAreKept() {
        for (int i = 1; i <= 1_000; i++) {
            recorder.server("line " + i);
        }

        Transcript transcript = recorder.transcript();

        assertThat(transcript.lines()).hasSizeLessThanOrEqualTo(Transcript.MAX_LINES);
        assertThat(transcript.lines()).first().extracting(Transcript.Line::text).isEqualTo("line 1");
        assertThat(transcript.lines()).last().extracting(Transcript.Line::text).isEqualTo("line 1000");
        assertThat(transcript.lines())
                .filteredOn(line -> line.direction() == Direction.NOTE)
                .extracting(Transcript.Line::text)
                .containsExactly("937 lines are left out here.");
        assertThat(transcript.discardedBytes()).isEqualTo(59 * "line 41".length() + 878 * "line 100".length());
    }

    @Test
    void aTranscriptThatFitsIsWhole() {
        for (int i = 1; i < Transcript.MAX_LINES; i++) {
            recorder.server("line " + i);
        }

        assertThat(recorder.transcript().lines()).hasSize(Transcript.MAX_LINES - 1);
        assertThat(recorder.transcript().discardedBytes()).isZero();
    }

    @Test
    void longLinesLeaveRoomForTheEnd() {
        for (int i = 0; i < 100; i++) {
            recorder.server(WIDE);
        }
        recorder.server("535 5.7.8 No");

        assertThat(recorder.transcript().lines())
                .last()
                .extracting(Transcript.Line::text)
                .isEqualTo("535 5.7.8 No");
    }

    private static RunRecorder full() {
        RunRecorder recorder = new RunRecorder(() -> 0);
        for (int i = 0; i < 200; i++) {
            recorder.server(WIDE);
            recorder.greeting(WIDE.getBytes(UTF_8));
        }
        recorder.capabilities(Collections.nCopies(100, WIDE));
        return recorder;
    }
}
