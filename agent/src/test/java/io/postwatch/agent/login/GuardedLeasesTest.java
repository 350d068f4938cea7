package io.postwatch.agent.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedLeasesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LoginTurn.Granted GRANTED =
            new LoginTurn.Granted(new UUID(0, 1), new CredentialId("0a"), 30_000_000_000L);

    @TempDir
    Path home;

    private Instant now = START;
    private LoginTurn answer = GRANTED;
    private final List<LoginVerdict> givenBack = new ArrayList<>();
    private GuardedLeases leases;

    @BeforeEach
    void open() throws IOException {
        LoginLeases controller = new LoginLeases() {
            @Override
            public LoginTurn ask(SeriesId series, Duration lasting, Duration patience) {
                return answer;
            }

            @Override
            public void giveBack(LoginTurn.Granted turn, LoginVerdict verdict) {
                givenBack.add(verdict);
            }
        };
        leases = new GuardedLeases(controller, new LoginPauses(PrivateFolder.open(home.resolve("state")), () -> now));
    }

    private LoginTurn ask() {
        return leases.ask(new SeriesId(1), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void afterARefusalALeaseIsGivenBackUnusedForAnHour() {
        leases.giveBack(GRANTED, LoginVerdict.REFUSED);

        assertThat(ask()).isEqualTo(new LoginTurn.Withheld(START, START.plus(Duration.ofHours(1))));
        assertThat(givenBack).containsExactly(LoginVerdict.REFUSED, LoginVerdict.NEITHER);

        now = START.plus(Duration.ofHours(1));
        assertThat(ask()).isEqualTo(GRANTED);
    }

    @Test
    void anEditedCredentialIsAnotherOne() {
        leases.giveBack(GRANTED, LoginVerdict.REFUSED);
        answer = new LoginTurn.Granted(new UUID(0, 2), new CredentialId("0b"), 30_000_000_000L);

        assertThat(ask()).isEqualTo(answer);
    }

    @Test
    void whatTheControllerRefusesStaysRefused() {
        answer = new LoginTurn.Suspended(START);

        assertThat(ask()).isEqualTo(answer);
        assertThat(givenBack).isEmpty();
    }
}
