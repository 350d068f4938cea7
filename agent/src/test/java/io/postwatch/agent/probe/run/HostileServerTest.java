package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that say anything at any moment. Seeded: what fails once fails again. */
@Timeout(60)
@ParameterizedClass
@EnumSource(ARun.Library.class)
class HostileServerTest {

    private static final ServerIdentity GOOD = AUTHORITY.leaf("127.0.0.1").issue();
    private static final String[] FRAGMENTS = {
        "220 ", "250-", "250 ", "334 ", "235 ", "535 ", "421", "* ", "* OK ", "* BYE", "* CAPABILITY ", "AUTH=PLAIN ",
        "STARTTLS", "AUTH PLAIN LOGIN", "{tag} OK ", "{tag} NO [", "] ", "+ ", "{5}", "{99999}", "\r\n", "\n", "\r",
                "\0",
        "\u00ff", "x", " ", "\u001b["
    };

    private final ARun.Library library;

    HostileServerTest(ARun.Library library) {
        this.library = library;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRunEndsInTimeWithAResultThatHoldsNoPassword(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 10; i++) {
            try (TestServer smtp = TestServer.smtp()
                            .startTls(GOOD)
                            .login(USER, PASSWORD)
                            .plaintextLogin()
                            .onCommand(pick(random, "EHLO", "STARTTLS", "AUTH", "QUIT"), noise(random))
                            .start();
                    TestServer imap = TestServer.imap()
                            .startTls(GOOD)
                            .login(USER, PASSWORD)
                            .plaintextLogin()
                            .onCommand(pick(random, "CAPABILITY", "STARTTLS", "AUTHENTICATE", "LOGOUT"), noise(random))
                            .start();
                    TestServer greeting =
                            TestServer.imap().greeting(noise(random)).start()) {
                check(aRun().smtp(smtp).startTls().loggingIn());
                check(aRun().smtp(smtp).loggingInUnencrypted());
                check(aRun().imap(imap).startTls().loggingIn());
                check(aRun().imap(imap).loggingInUnencrypted());
                check(aRun().imap(greeting));
                check(aRun().smtp(greeting));
                check(aRun().smtp(greeting).tls());
            }
        }
    }

    private ARun aRun() {
        return ARun.aRun().by(library);
    }

    private static void check(ARun run) {
        ProbeResult result = run.within(Duration.ofSeconds(5)).run();
        assertThat(result).hasConsistentTimes().mentionsNowhere(PASSWORD).tookLessThan(Duration.ofSeconds(9));
        if (result.failure() != null) {
            Assertions.assertThat(Objects.requireNonNull(result.failure()).code())
                    .isNotEqualTo(FailureCode.INTERNAL_ERROR);
        }
    }

    /** Ends with the end of the connection: a run shall not have to wait for its deadline. */
    private static Reply noise(Random random) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        }
        return Reply.raw(text.toString()).thenClose();
    }

    private static String pick(Random random, String... from) {
        return from[random.nextInt(from.length)];
    }
}
