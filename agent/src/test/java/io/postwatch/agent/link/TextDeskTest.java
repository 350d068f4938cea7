package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.agent.probe.TextAnswer;
import io.postwatch.agent.probe.TextLookup;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.TextsFound;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TextDeskTest {

    private final BlockingQueue<TextsFound> answers = new LinkedBlockingQueue<>();

    @Test
    void anAnswerIsBoundedAndWhatProvesComesFirst() throws InterruptedException {
        List<String> texts = Stream.concat(
                        Stream.concat(IntStream.range(0, 100).mapToObj(i -> "text " + i), Stream.of("x".repeat(256))),
                        Stream.of("postwatch-domain-verification=a"))
                .toList();
        begin((name, deadline) -> new TextAnswer.Told(List.of(), texts));

        TextsFound found = next();

        assertThat(found.getTexts().getTextsList()).hasSize(16).startsWith("postwatch-domain-verification=a", "text 0");
        assertThat(found.getTexts().getMore()).isTrue();
        assertThat(found.getSerializedSize()).isLessThan(5_000);
    }

    @Test
    void whatStandsBehindAnAliasIsNotTold() throws InterruptedException {
        begin((name, deadline) -> new TextAnswer.Told(
                List.of("a.example.net", "b.example.net"), List.of("postwatch-domain-verification=a")));

        TextsFound found = next();

        assertThat(found.getTexts().getTextsList()).isEmpty();
        assertThat(found.getTexts().getAliasOf()).isEqualTo("b.example.net");
    }

    @Test
    void nothingThereIsKnowledgeAndSilenceIsNone() throws InterruptedException {
        begin((name, deadline) -> new TextAnswer.Told(List.of(), List.of()));
        assertThat(next().getOutcomeCase()).isEqualTo(TextsFound.OutcomeCase.TEXTS);

        begin((name, deadline) -> new TextAnswer.Unknown("127.0.0.1 did not answer"));
        assertThat(next().getUnknown().getReason()).isEqualTo("127.0.0.1 did not answer");
    }

    @Test
    void everyLookupHasOneAnswerAlsoWhereItBreaks() throws InterruptedException {
        begin((name, deadline) -> {
            throw new IllegalStateException("broken");
        });
        assertThat(next().getUnknown().getReason()).contains("IllegalStateException");
        assertThat(answers).isEmpty();
    }

    @Test
    void withoutAnIdNothingIsLookedUp() {
        TextDesk desk = new TextDesk(
                (name, deadline) -> {
                    throw new AssertionError("looked up");
                },
                System::nanoTime,
                answers::add);
        assertThat(desk.begin(LookUpTexts.newBuilder()
                        .setName("_postwatch-challenge.example.org")
                        .build()))
                .isFalse();
    }

    @Test
    void moreThanItCanDoIsRefusedAtOnceAndItRecovers() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        TextDesk desk = new TextDesk(
                (name, deadline) -> {
                    awaitQuietly(go);
                    return new TextAnswer.Told(List.of(), List.of());
                },
                System::nanoTime,
                answers::add);
        for (int i = 0; i <= TextDesk.AT_ONCE; i++) {
            assertThat(desk.begin(aLookup())).isTrue();
        }
        assertThat(next().getUnknown().getReason()).contains("too much");

        go.countDown();
        for (int i = 0; i < TextDesk.AT_ONCE; i++) {
            assertThat(next().hasTexts()).isTrue();
        }
        desk.begin(aLookup());
        assertThat(next().hasTexts()).isTrue();
    }

    private void begin(TextLookup lookup) {
        assertThat(new TextDesk(lookup, System::nanoTime, answers::add).begin(aLookup()))
                .isTrue();
    }

    private static LookUpTexts aLookup() {
        return LookUpTexts.newBuilder()
                .setLookupId(ByteString.copyFrom(new byte[16]))
                .setName("_postwatch-challenge.example.org")
                .build();
    }

    private TextsFound next() throws InterruptedException {
        TextsFound found = answers.poll(30, TimeUnit.SECONDS);
        if (found == null) {
            throw new AssertionError("no answer came");
        }
        return found;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
