package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log of an agent says that is kept out, word for word as docs/security.md has it. */
class RefusedAgentTest extends AgentTestCase {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Logger LOG = Logger.getLogger("io.postwatch.agent");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
    private static final int AGENTS_LOG = 3;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            said.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(listener);
    }

    @ParameterizedTest
    @CsvSource({"revoked, GOODBYE_REASON_REVOKED", "cloned, GOODBYE_REASON_CLONED"})
    void oneThatIsNotWelcomeAnyMoreSaysWhyAndComesNotBeforeAMinute(String who, GoodbyeReason reason) throws Exception {
        String sentence = sentence(who);
        start();

        controller.session(1).say(goodbye(reason, sentence));

        await().atMost(PATIENCE)
                .until(() -> said.stream()
                        .anyMatch(line ->
                                line.matches(Pattern.quote(sentence) + " \\(next attempt in 6\\d[.,]\\d s\\)")));
        assertThat(controller.conversations()).hasSize(1);
    }

    @Test
    void oneWhosePlaceWasTakenEndsAndSaysWhy() throws Exception {
        Agent agent = start();
        Conversation session = controller.session(1);

        session.say(goodbye(GoodbyeReason.GOODBYE_REASON_REPLACED, sentence("replaced")));

        assertThat(agent.dismissal().get(20, TimeUnit.SECONDS)).hasMessage(sentence("replaced"));
    }

    @Test
    void oneThatNobodyHasApprovedSaysWhatToDo() throws IOException {
        controller.askForApproval(true);

        assertThatThrownBy(this::enrol)
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith(sentence("unapproved"));
    }

    @Test
    void oneWhoseCertificateIsOverRenewsItAndSaysSo() throws Exception {
        controller.issueCertificates(Instant.now().minus(Duration.ofDays(30)), Duration.ofDays(7));
        Credentials expired = enrol();
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));

        startOn(home.resolve("state"), expired);

        controller.session(1);
        String sentence = sentence("expired");
        assertThat(said).anyMatch(line -> line.startsWith(sentence));
    }

    @Test
    void oneOfAnotherPlatformSaysWhoAnswers() throws Exception {
        Credentials here = enrol();
        String sentence = sentence("foreign");
        try (ScriptedController foreign = new ScriptedController(new TestAuthority("Postwatch platform"))) {
            startOn(home.resolve("state"), here.withController(foreign.address()));

            await().atMost(PATIENCE).until(() -> said.stream().anyMatch(line -> line.contains(sentence)));
            assertThat(foreign.conversations()).isEmpty();
        }
    }

    private static ControllerMessage goodbye(GoodbyeReason reason, String sentence) {
        return ControllerMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason(reason).setMessage(sentence))
                .build();
    }

    private static String sentence(String who) throws IOException {
        String row = Files.readAllLines(Path.of("../docs/security.md")).stream()
                .filter(line -> line.startsWith("| " + who + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/security.md tells nothing of " + who));
        return QUOTED.matcher(row.split("\\|", -1)[AGENTS_LOG])
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
    }
}
