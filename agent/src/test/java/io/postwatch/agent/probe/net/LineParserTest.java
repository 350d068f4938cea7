package io.postwatch.agent.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineParserTest {

    private final LineParser parser = new LineParser(8);

    @Test
    void endsLinesWithCrLfOrLf() throws RunFailure {
        assertThat(linesOf("a\r\n\r\n")).containsExactly("a", "");
        assertThat(parser.sawBareLf()).isFalse();
        assertThat(linesOf("b\nc\r\n")).containsExactly("b", "c");
        assertThat(parser.sawBareLf()).isTrue();
    }

    @Test
    void keepsACrThatEndsNothing() throws RunFailure {
        assertThat(linesOf("a\rb\r\r\n")).containsExactly("a\rb\r");
    }

    @Test
    void takesALineAsLongAsAllowedAndNoLonger() throws RunFailure {
        assertThat(linesOf("12345678\r\n12345678\n")).containsExactly("12345678", "12345678");
        assertThatThrownBy(() -> linesOf("123456789")).isInstanceOf(RunFailure.class);
    }

    @Test
    void refusesATooLongLineThatPretendsToEnd() {
        assertThatThrownBy(() -> linesOf("12345678\r9\r\n")).isInstanceOf(RunFailure.class);
    }

    private List<String> linesOf(String text) throws RunFailure {
        List<String> lines = new ArrayList<>();
        for (byte next : text.getBytes(StandardCharsets.ISO_8859_1)) {
            byte[] line = parser.accept(next);
            if (line != null) {
                lines.add(new String(line, StandardCharsets.ISO_8859_1));
            }
        }
        return lines;
    }
}
