package io.postwatch.agent.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginPausesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final CredentialId MAILBOX = new CredentialId("0a0b");
    private static final CredentialId OTHER = new CredentialId("0c0d");

    @TempDir
    Path home;

    private Instant now = START;
    private PrivateFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = PrivateFolder.open(home.resolve("state"));
    }

    private LoginPauses pauses() {
        return new LoginPauses(folder, () -> now);
    }

    @Test
    void aRefusedCredentialIsLeftAloneForAnHourAndNoOther() {
        LoginPauses pauses = pauses();
        pauses.learn(MAILBOX, LoginVerdict.REFUSED);

        assertThat(pauses.of(MAILBOX)).contains(new LoginPause(START));
        assertThat(pauses.of(OTHER)).isEmpty();
        now = START.plus(Duration.ofMinutes(59));
        assertThat(pauses.of(MAILBOX)).isPresent();
        now = START.plus(Duration.ofHours(1));
        assertThat(pauses.of(MAILBOX)).isEmpty();
    }

    @Test
    void aRestartDoesNotEndIt() {
        pauses().learn(MAILBOX, LoginVerdict.REFUSED);
        now = START.plus(Duration.ofMinutes(30));
        pauses().learn(OTHER, LoginVerdict.REFUSED);

        LoginPauses restarted = pauses();
        assertThat(restarted.of(MAILBOX)).contains(new LoginPause(START));
        assertThat(restarted.of(OTHER)).contains(new LoginPause(now));
    }

    @Test
    void aSuccessEndsItForGood() {
        LoginPauses pauses = pauses();
        pauses.learn(MAILBOX, LoginVerdict.REFUSED);
        pauses.learn(MAILBOX, LoginVerdict.NEITHER);
        assertThat(pauses.of(MAILBOX)).isPresent();

        pauses.learn(MAILBOX, LoginVerdict.ACCEPTED);

        assertThat(pauses.of(MAILBOX)).isEmpty();
        assertThat(pauses().of(MAILBOX)).isEmpty();
    }

    @Test
    void aClockThatWasSetBackMakesItNoLongerThanAnHour() {
        LoginPauses pauses = pauses();
        pauses.learn(MAILBOX, LoginVerdict.REFUSED);

        now = START.minus(Duration.ofMinutes(30));
        assertThat(pauses.of(MAILBOX)).isPresent();
        now = START.minus(Duration.ofDays(1));
        assertThat(pauses.of(MAILBOX)).isEmpty();
    }

    @Test
    void whatCannotBeReadIsAsGoodAsNothing() throws IOException {
        pauses().learn(MAILBOX, LoginVerdict.REFUSED);
        String kept = new String(folder.read("login-pauses").orElseThrow(), StandardCharsets.US_ASCII);
        for (String damaged : List.of("", "v1\n", "v2\n0\n", kept.replace("0a0b", "0a0c"), "\u0000\u0001")) {
            folder.replace("login-pauses", damaged.getBytes(StandardCharsets.US_ASCII));

            assertThat(pauses().of(MAILBOX)).as(damaged).isEmpty();
        }
    }
}
