package io.postwatch.agent.probe.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImapResponseTest {

    /** The work is counted, not timed: it does not depend on the machine. */
    @Test
    void aCodeThatIsNeverClosedIsReadNoMoreThanThreeTimes() {
        String longest = "[" + "a".repeat(16_300) + " b".repeat((ImapResponseParser.MAX_RESPONSE - 16_301) / 2);
        CountedText counted = new CountedText(longest, 3L * longest.length());

        assertThat(ImapResponse.RESPONSE_CODE.matcher(counted).lookingAt()).isFalse();
    }

    /** Gives out its characters a limited number of times. */
    private static final class CountedText implements CharSequence {

        private final String text;
        private long left;

        private CountedText(String text, long reads) {
            this.text = text;
            this.left = reads;
        }

        @Override
        public char charAt(int index) {
            if (left-- == 0) {
                throw new IllegalStateException("read too often");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
